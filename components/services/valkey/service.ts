import { tmpfs, volume } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { valkeyConf, valkeyUsers } from "./config.ts";
import { evidence } from "./evidence.ts";

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
    facts: (self) => ({
      purpose: "Valkey: cache in memory",
      image: "valkey",
      evidence,
      memory: 160,
      memoryFloor: 32,
      cpus: 0.25,
      pids: 64,
      command: ["valkey-server", "/etc/valkey/valkey.conf"],
      writable: { "/tmp": tmpfs(16), "/data": volume(`${self.name}-data`) },
      health: exec(["valkey-cli", "-e", "ping"]),
      listens: [6379],
      database: true,
    }),
    files: (self) => ({ "/etc/valkey/valkey.conf": valkeyConf(), "/etc/valkey/users.acl": valkeyUsers(self) }),
  });
}
