import type { Rendering } from "#components/wiring/blueprint.ts";
import { aclUser } from "../redis-acl.ts";
import { valkeyFiles } from "./server.ts";

/** A cache: what was used longest ago goes when memory is full. Each client has its own keys. */
export function cacheFiles(self: Rendering): Readonly<Record<string, string>> {
  const keeping = `save 30 1
maxmemory 96mb
maxmemory-policy allkeys-lru`;
  const rights = "+@connection +@read +@write +@scripting -@admin -@dangerous";
  return valkeyFiles(
    keeping,
    self.clients().map((client) => aclUser(client, client.keys, rights)),
  );
}
