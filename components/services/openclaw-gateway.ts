import { throughEgressProxy } from "../config/egress.ts";
import { OPENCLAW_CONFIG, OPENCLAW_SECRETS, openclawConfig, openclawSecrets } from "../config/openclaw.ts";
import { curl } from "../container/health.ts";
import { waive } from "../container/waiver.ts";
import { evidence } from "./openclaw-gateway.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

/**
 * The hub: talks to the operator and calls the model. It makes no sandbox: its image has no Docker client, no address of a
 * daemon is set, and the filter in reach lets nothing be made. So no tool that runs code works, here or outside of one.
 *
 * Below 2 GiB it runs out of memory at start although it settles near 400 MiB, so V8's heap is capped under the limit.
 */
export const openclawGateway = service("openclaw-gateway", {
  purpose: "OpenClaw gateway: channels, sessions, tools",
  number: 1,
  image: "openclaw",
  evidence,
  memory: 4096,
  memoryFloor: 2048,
  cpus: 2,
  pids: 256,
  command: ["node", "openclaw.mjs", "gateway", "run", "--bind", "lan", "--port", "18789"],
  environment: {
    HOME: "/home/node",
    NODE_OPTIONS: "--max-old-space-size=1536",
    OPENCLAW_CONFIG_PATH: OPENCLAW_CONFIG,
    OPENCLAW_DISABLE_BONJOUR: "1",
    OPENCLAW_NIX_MODE: "1",
    OPENCLAW_NO_AUTO_UPDATE: "1",
    ...throughEgressProxy,
  },
  files: (machine) => ({
    [OPENCLAW_CONFIG]: openclawConfig(machine),
    [OPENCLAW_SECRETS]: openclawSecrets(),
  }),
  writable: {
    "/tmp": tmpfs(256),
    "/home/node": tmpfs(64),
    "/home/node/.openclaw": volume("openclaw-state"),
  },
  health: curl(18789, "/healthz", { interval: 5, startPeriod: 60, retries: 12 }),
  listens: [18789],
  // One that was killed in its first start leaves a lease of five minutes on its state directory.
  startSeconds: 420,
  declares: { role: "gateway", configuration: OPENCLAW_CONFIG },
  waivers: [
    waive("agent.volumes", {
      reason:
        "its sessions and what it learned are in a volume as Docker makes it: programs run there, and only the disk limits it",
      owner: "security",
      expires: "2027-03-31",
    }),
    waive("agent.guard", {
      reason:
        "it calls the model itself, and asks nobody: the guard beside it has no client, and none that relays is built",
      owner: "security",
      expires: "2027-03-31",
    }),
    waive("gateway.cost-limits", {
      reason:
        "OpenClaw counts neither turns nor money: the limit of the account at the model's provider is all there is",
      owner: "operations",
      expires: "2027-06-30",
    }),
    waive("gateway.docker-api", {
      reason:
        "a filter that reads four paths and changes nothing is within its reach; it has no Docker client, and asks nothing",
      owner: "security",
      expires: "2027-03-31",
    }),
  ],
});
