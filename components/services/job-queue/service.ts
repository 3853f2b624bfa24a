import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { valkeyFacts } from "../valkey/server.ts";
import { queueFiles } from "./config.ts";
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
    facts: (self) =>
      valkeyFacts(self.name, { purpose: "Valkey: jobs that wait", evidence, memory: 320, stopSeconds: 30 }),
    files: queueFiles,
  });
}
