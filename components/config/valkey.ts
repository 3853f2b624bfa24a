import { secret } from "../secrets/reference.ts";

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
 * The search has its own keys, under the password of now and the one before: a rotation interrupts nobody.
 */
export function valkeyUsers(): string {
  const hashes = (["current", "previous"] as const).map(
    (slot) => `#${secret("valkey-search", { slot, as: "sha256" })}`,
  );
  return [
    "user default on nopass resetkeys resetchannels -@all +ping",
    `user searxng on ${hashes.join(" ")} ~SearXNG_* resetchannels -@all +@connection +@read +@write +@scripting -@admin -@dangerous`,
    "",
  ].join("\n");
}
