import { tmpfs, volume } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { queueConf, queueUsers } from "./config.ts";
import { evidence } from "./evidence.ts";

/**
 * Jobs that wait, in Valkey: kept on disk, never thrown away. Those who hand jobs over and those who do them share its
 * keys, each with a login of its own.
 *
 * @example
 * ```ts
 * const jobs = jobQueue("jobs");
 * const maker = define("maker", {
 *   uses: { jobs: { to: jobs, why: "pages are read later" } },
 *   facts: () => facts,
 *   files: (self) => ({ "/etc/maker/password": self.use("jobs").login() }),
 * });
 * ```
 */
export function jobQueue(name: string): Endpoint<"job-queue"> {
  return define(name, {
    uses: {},
    serves: { speaks: "job-queue", port: 6379, login: { why: "opens the jobs that wait" } },
    facts: (self) => ({
      purpose: "Valkey: jobs that wait",
      image: "valkey",
      evidence,
      memory: 320,
      memoryFloor: 32,
      cpus: 0.25,
      pids: 64,
      command: ["valkey-server", "/etc/valkey/valkey.conf"],
      writable: { "/tmp": tmpfs(16), "/data": volume(`${self.name}-data`) },
      health: exec(["valkey-cli", "-e", "ping"]),
      listens: [6379],
      database: true,
      stopSeconds: 30,
    }),
    files: (self) => ({ "/etc/valkey/valkey.conf": queueConf(), "/etc/valkey/users.acl": queueUsers(self) }),
  });
}
