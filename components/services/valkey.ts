import { valkeyConf, valkeyUsers } from "../config/valkey.ts";
import { exec } from "../container/health.ts";
import { evidence } from "./valkey.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

/** Cache and rate counters of SearXNG. */
export const valkey = service("valkey", {
  purpose: "Valkey: cache of the web search",
  number: 12,
  image: "valkey",
  evidence,
  memory: 160,
  memoryFloor: 32,
  cpus: 0.25,
  pids: 64,
  command: ["valkey-server", "/etc/valkey/valkey.conf"],
  files: () => ({ "/etc/valkey/valkey.conf": valkeyConf(), "/etc/valkey/users.acl": valkeyUsers() }),
  writable: { "/tmp": tmpfs(16), "/data": volume("valkey-data") },
  health: exec(["valkey-cli", "-e", "ping"]),
  listens: [6379],
  database: true,
});
