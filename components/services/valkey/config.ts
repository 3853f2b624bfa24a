import type { Rendering } from "#components/wiring/blueprint.ts";
import { aclUser } from "../redis-acl.ts";

/** Which users there are is said by the ACL alone, so protected mode, which looks at the default user, is off. */
export function valkeyConf(): string {
  return `bind * -::*
port 6379
protected-mode no
aclfile /etc/valkey/users.acl

dir /data
save 30 1
maxmemory 96mb
maxmemory-policy allkeys-lru
loglevel warning

enable-debug-command no
enable-module-command no
`;
}

/**
 * Who has not logged in may ask whether Valkey is there, so that the health check needs no password, and nothing else.
 * Each client has its own keys.
 */
export function valkeyUsers(self: Rendering): string {
  const rights = "+@connection +@read +@write +@scripting -@admin -@dangerous";
  const users = self.clients().map((client) => aclUser(client, client.keys, rights));
  return ["user default on nopass resetkeys resetchannels -@all +ping", ...users, ""].join("\n");
}
