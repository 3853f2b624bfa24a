import { tmpfs, volume } from "#components/container/facts.ts";
import { curl } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import type { Sandbox } from "#components/sandbox/sandbox-profile.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { throughProxy } from "../egress-proxy/client.ts";
import type { OpenclawChannel } from "./channel.ts";
import { OPENCLAW_CONFIG, OPENCLAW_SECRETS, openclawConfig, openclawSecrets } from "./config.ts";
import { evidence } from "./evidence.ts";
import { faults } from "./faults.ts";
import { models, pages } from "./settings.ts";

export interface OpenclawGatewayOptions {
  readonly out: Endpoint<"forward-proxy">;
  /** What the main agent is called. */
  readonly agent: string;
  /** What the containers get in which the gateway would run the agent's tools. */
  readonly sandbox: Sandbox;
  /** By which people talk to it. */
  readonly channels: readonly OpenclawChannel[];
  /** Volume of sessions and memory. @default the name of the service and `-state` */
  readonly volume?: string;
}

/**
 * The hub: talks to the operator and calls the model. It makes no sandbox: its image has no Docker client, no address of a
 * daemon is set. So no tool that runs code works, here or outside of one.
 *
 * Below 2 GiB it runs out of memory at start although it settles near 400 MiB, so V8's heap is capped under the limit.
 *
 * @example
 * ```ts
 * const tools = sandbox(sandboxProfile("tools", { purpose: "Runs what the agent writes", image: "agent-tools" }));
 * const gateway = openclawGateway("gateway", { out, agent: "Robin", sandbox: tools, channels: [chat] });
 * ```
 */
export function openclawGateway(name: string, options: OpenclawGatewayOptions): Endpoint<"http"> {
  const { channels } = options;
  return define(name, {
    uses: {
      out: {
        to: options.out,
        why: "models and channels are on the internet",
        hosts: [
          { hosts: ["api.anthropic.com"], why: "the model" },
          ...channels.map(({ hosts }) => ({ hosts, why: "the operator's channel" })),
        ],
      },
    },
    serves: { speaks: "http", port: 18789 },
    secrets: { token: { why: "opens the gateway's API and page", source: { type: "password", length: 40 } } },
    settings: [models, pages, ...channels.map((channel) => channel.settings)],
    external: {
      "anthropic-api-key": "the gateway calls Anthropic's models",
      ...Object.fromEntries(channels.map(({ token }) => [token.name, token.why])),
    },
    facts: (self) => ({
      purpose: "OpenClaw gateway: channels, sessions, tools",
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
        ...throughProxy(self.use("out")),
      },
      writable: {
        "/tmp": tmpfs(256),
        "/home/node": tmpfs(64),
        "/home/node/.openclaw": volume(options.volume ?? `${self.name}-state`),
      },
      health: curl(18789, "/healthz", { startPeriod: 60, retries: 12 }),
      listens: [18789],
      // One that is stopped while it migrates leaves a lease of five minutes on its state directory, and the next restarts
      // until it is over. More time to stop helps nothing: it listens to SIGTERM only later (openclaw/openclaw#108441, read).
      startSeconds: 420,
      faults,
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
      ],
    }),
    files: (self) => ({
      [OPENCLAW_CONFIG]: openclawConfig(self, options),
      [OPENCLAW_SECRETS]: openclawSecrets(self, options),
    }),
  });
}
