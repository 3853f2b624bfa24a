import type { Rendering } from "#components/wiring/blueprint.ts";
import { aclUser } from "../redis-acl.ts";
import { valkeyFiles } from "../valkey/server.ts";

/**
 * Nothing is thrown away to make room: a job that is gone was never done. Clients work on the same jobs, so they share every
 * key and channel. BullMQ asks for the version by `INFO` before it begins.
 */
export function queueFiles(self: Rendering): Readonly<Record<string, string>> {
  const keeping = `appendonly yes
appendfsync everysec
save ""
maxmemory 192mb
maxmemory-policy noeviction`;
  const rights = "+@connection +@read +@write +@scripting +@pubsub -@admin -@dangerous +info";
  return valkeyFiles(
    keeping,
    self.clients().map((client) => aclUser(client, "*", rights, "allchannels")),
  );
}
