import { wget } from "../container/health.ts";
import { waive } from "../container/waiver.ts";
import { secret } from "../secrets/reference.ts";
import { service, tmpfs, volume } from "./service.ts";

/** Web search for the gateway. Searches leave through the egress proxy. */
export const searxng = service("searxng", {
  purpose: "SearXNG: web search for the gateway",
  number: 11,
  image: "searxng",
  user: { uid: 977, gid: 977 },
  memory: 512,
  memoryFloor: 64,
  cpus: 1,
  pids: 128,
  environment: {
    FORCE_OWNERSHIP: "false",
    GRANIAN_HOST: "0.0.0.0",
  },
  files: () => ({
    "/etc/searxng/settings.yml": `use_default_settings: true
server:
  secret_key: ${secret("searxng-key", { as: "json" })}
valkey:
  url: valkey://searxng:${secret("valkey-search")}@valkey:6379/0
`,
  }),
  writable: { "/tmp": tmpfs(64), "/var/cache/searxng": volume("searxng-cache") },
  health: wget(8080, "/healthz", { startPeriod: 30 }),
  listens: [8080],
  waivers: [
    waive("container.user", {
      reason: "the image owns its program and settings directories as uid 977 and checks them at start",
      owner: "security",
      expires: "2027-06-30",
    }),
  ],
});
