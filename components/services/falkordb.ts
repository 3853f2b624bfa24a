import { FALKORDB_USER, falkordbConf, falkordbUsers } from "../config/falkordb.ts";
import { shell } from "../container/health.ts";
import { secret } from "../secrets/reference.ts";
import { evidence } from "./falkordb.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

/**
 * Logs in as the one client and asks the module: Redis alone would answer a `PING`. The password is read from the file
 * as if it were typed; in `REDISCLI_AUTH` every look would show it to whoever may read the process's environment. The
 * names of the graphs are nobody's business; Docker keeps what a health check writes.
 */
const HEALTH = `redis-cli -e --user ${FALKORDB_USER} --askpass GRAPH.LIST </etc/falkordb/password >/dev/null`;

/** Graph database behind the memory service, and reachable by nothing else. */
export const falkordb = service("falkordb", {
  purpose: "FalkorDB: graph behind the memory service",
  number: 7,
  image: "falkordb",
  evidence,
  memory: 4096,
  memoryFloor: 64,
  cpus: 2,
  // Runs 14 threads with the two counts below, which else follow the processors of the host.
  pids: 64,
  environment: {
    BROWSER: "0",
    FALKORDB_ARGS: "THREAD_COUNT 2 OMP_THREAD_COUNT 1 MAX_QUEUED_QUERIES 25 TIMEOUT 1000 RESULTSET_SIZE 10000",
    // Redis's own image declares a volume there: anywhere else Docker would add an anonymous one.
    FALKORDB_DATA_PATH: "/data",
    // The first word that its entrypoint hands to redis-server is the settings file.
    REDIS_ARGS: "/etc/falkordb/redis.conf",
  },
  files: () => ({
    "/etc/falkordb/redis.conf": falkordbConf(),
    "/etc/falkordb/users.acl": falkordbUsers(),
    "/etc/falkordb/password": secret("falkordb-graphiti"),
  }),
  writable: { "/tmp": tmpfs(64), "/data": volume("falkordb-data") },
  health: shell(HEALTH),
  listens: [6379],
  database: true,
  declares: { role: "memory-store" },
  stopSeconds: 60,
});
