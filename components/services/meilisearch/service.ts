import { tmpfs, volume } from "#components/container/facts.ts";
import { curl } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { MEILISEARCH_CONFIG, meilisearchConfig } from "./config.ts";
import { evidence } from "./evidence.ts";

/**
 * Full-text search. Its clients share one key, the master key: the keys below it have no place of their own to be
 * declared. A version reads only the data that it wrote itself, or is told to upgrade.
 *
 * @example
 * ```ts
 * const index = meilisearch("chat-index");
 * const finder = define("finder", {
 *   uses: { index: { to: index, why: "documents are searched" } },
 *   facts: () => facts,
 *   files: (self) => ({ "/etc/finder/key": self.use("index").login() }),
 * });
 * ```
 */
export function meilisearch(name: string): Endpoint<"meilisearch"> {
  return define(name, {
    uses: {},
    serves: { speaks: "meilisearch", port: 7700, login: { why: "opens the search index", shared: true } },
    facts: (self) => ({
      purpose: "Meilisearch: full-text search",
      image: "meilisearch",
      evidence,
      memory: 512,
      memoryFloor: 64,
      cpus: 0.5,
      pids: 64,
      environment: { MEILI_CONFIG_FILE_PATH: MEILISEARCH_CONFIG },
      writable: { "/tmp": tmpfs(32), "/meili_data": volume(`${self.name}-data`) },
      health: curl(7700, "/health", { startPeriod: 30 }),
      listens: [7700],
      // The image starts tini itself.
      init: false,
      database: true,
    }),
    files: (self) => ({ [MEILISEARCH_CONFIG]: meilisearchConfig(self) }),
  });
}
