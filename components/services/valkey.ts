import { exec } from "../container/health.ts";
import { service, tmpfs, volume } from "./service.ts";

/** Cache and rate counters of SearXNG. */
export const valkey = service("valkey", {
  purpose: "Valkey: cache of the web search",
  number: 12,
  image: "valkey",
  memory: 160,
  memoryFloor: 32,
  cpus: 0.25,
  pids: 64,
  command: [
    "valkey-server",
    "--save",
    "30",
    "1",
    "--loglevel",
    "warning",
    "--maxmemory",
    "96mb",
    "--maxmemory-policy",
    "allkeys-lru",
  ],
  writable: { "/tmp": tmpfs(16), "/data": volume("valkey-data") },
  health: exec(["valkey-cli", "ping"]),
  listens: [6379],
  database: true,
});
