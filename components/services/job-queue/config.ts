import type { Rendering } from "#components/wiring/blueprint.ts";
import { aclUser } from "../redis-acl.ts";

/** Nothing is thrown away to make room: a job that is gone was never done. */
export function queueConf(): string {
  return `bind * -::*
port 6379
protected-mode no
aclfile /etc/valkey/users.acl

dir /data
appendonly yes
appendfsync everysec
save ""
maxmemory 192mb
maxmemory-policy noeviction
loglevel warning

enable-debug-command no
enable-module-command no
`;
}

/** Its clients work on the same jobs, so they share every key. BullMQ asks for the version by `INFO` before it begins. */
export function queueUsers(self: Rendering): string {
  const rights = "+@connection +@read +@write +@scripting +@pubsub -@admin -@dangerous +info";
  const users = self.clients().map((client) => aclUser(client, "*", rights).replace("resetchannels", "allchannels"));
  return ["user default on nopass resetkeys resetchannels -@all +ping", ...users, ""].join("\n");
}
