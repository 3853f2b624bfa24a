import { INTERNET_CA, searxngSettings } from "../config/searxng.ts";
import { wget } from "../container/health.ts";
import { waive } from "../container/waiver.ts";
import { evidence } from "./searxng.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

/** Web search for the gateway. Searches leave through the egress proxy. */
export const searxng = service("searxng", {
  purpose: "SearXNG: web search for the gateway",
  number: 11,
  image: "searxng",
  evidence,
  user: { uid: 977, gid: 977 },
  memory: 512,
  memoryFloor: 160,
  cpus: 1,
  pids: 128,
  environment: {
    FORCE_OWNERSHIP: "false",
    GRANIAN_HOST: "0.0.0.0",
  },
  files: (machine) => ({
    "/etc/searxng/settings.yml": searxngSettings(machine),
    ...(machine.settings.internetCa !== undefined && { [INTERNET_CA]: machine.settings.internetCa }),
  }),
  writable: { "/tmp": tmpfs(64), "/var/cache/searxng": volume("searxng-cache") },
  health: wget(8080, "/healthz", { startPeriod: 30 }),
  listens: [8080],
  waivers: [
    waive("container.user", {
      reason: "the image owns its program and settings directories as uid 977 and checks them at start",
      owner: "platform",
      expires: "2027-06-30",
    }),
  ],
});
