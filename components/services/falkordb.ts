import { exec } from "../container/health.ts";
import { evidence } from "./falkordb.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

/** Graph database behind the memory service, and reachable by nothing else. */
export const falkordb = service("falkordb", {
  purpose: "FalkorDB: graph behind the memory service",
  number: 7,
  image: "falkordb",
  evidence,
  memory: 4096,
  memoryFloor: 64,
  cpus: 2,
  pids: 128,
  environment: {
    BROWSER: "0",
    REDIS_ARGS: "--appendonly yes --save 60 1 --maxmemory 3gb --maxmemory-policy noeviction",
  },
  writable: { "/tmp": tmpfs(64), "/var/lib/falkordb/data": volume("falkordb-data") },
  health: exec(["redis-cli", "-p", "6379", "ping"]),
  listens: [6379],
  database: true,
  declares: { role: "memory-store" },
  stopSeconds: 60,
});
