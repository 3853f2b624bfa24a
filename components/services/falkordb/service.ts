import { tmpfs, volume } from "#components/container/facts.ts";
import { shell } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { falkordbConf, falkordbUsers } from "./config.ts";
import { evidence } from "./evidence.ts";

/**
 * Logs in as the first client and asks the module: Redis alone would answer a `PING`. The password is read from the file
 * as if it were typed; in `REDISCLI_AUTH` every look would show it to whoever may read the process's environment. The
 * names of the graphs are nobody's business; Docker keeps what a health check writes.
 */
function healthCheck(client: string): string {
  return `redis-cli -e --user ${client} --askpass GRAPH.LIST </etc/falkordb/password >/dev/null`;
}

/**
 * Graph database; each client has a login of its own.
 *
 * @example
 * ```ts
 * const graph = falkordb("graph");
 * const memory = graphiti("memory", { graph, out });
 * ```
 */
export function falkordb(name: string): Endpoint<"falkordb"> {
  return define(name, {
    uses: {},
    serves: { speaks: "falkordb", port: 6379, login: { why: "lets its client into the graphs" } },
    facts: (self) => ({
      purpose: "FalkorDB: graph behind the memory service",
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
      writable: { "/tmp": tmpfs(64), "/data": volume(`${self.name}-data`) },
      health: shell(healthCheck(self.clientNames[0] ?? "nobody")),
      listens: [6379],
      database: true,
      declares: { role: "memory-store" },
      stopSeconds: 60,
    }),
    files: (self) => ({
      "/etc/falkordb/redis.conf": falkordbConf(),
      "/etc/falkordb/users.acl": falkordbUsers(self),
      "/etc/falkordb/password": self.clients()[0]?.login() ?? "",
    }),
  });
}
