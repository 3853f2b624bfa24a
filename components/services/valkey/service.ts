import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { cacheFiles } from "./config.ts";
import { evidence } from "./evidence.ts";
import { valkeyFacts } from "./server.ts";

/**
 * A cache in memory; each client has a login and keys of its own.
 *
 * @example
 * ```ts
 * const cache = valkey("search-cache");
 * const search = searxng("search", { cache, out, engines: ["www.mojeek.com"] });
 * ```
 */
export function valkey(name: string): Endpoint<"redis"> {
  return define(name, {
    uses: {},
    serves: { speaks: "redis", port: 6379, login: { why: "opens the cache" } },
    facts: (self) => valkeyFacts(self.name, { purpose: "Valkey: cache in memory", evidence, memory: 160 }),
    files: cacheFiles,
  });
}
