import { tmpfs, volume } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import type { Facts } from "#components/wiring/blueprint.ts";

/** A port and users by an ACL: what every kind has that is a Valkey. */
export function valkeyFacts(name: string, own: Pick<Facts, "purpose" | "evidence" | "memory" | "stopSeconds">): Facts {
  return {
    ...own,
    image: "valkey",
    memoryFloor: 32,
    cpus: 0.25,
    pids: 64,
    command: ["valkey-server", "/etc/valkey/valkey.conf"],
    writable: { "/tmp": tmpfs(16), "/data": volume(`${name}-data`) },
    health: exec(["valkey-cli", "-e", "ping"]),
    listens: [6379],
    database: true,
  };
}

/**
 * Which users there are is said by the ACL alone, so protected mode, which looks at the default user, is off. Who has not
 * logged in may ask whether Valkey is there, so that the health check needs no password, and nothing else.
 *
 * @param keeping lines of its settings: what is written to the disk, and what goes when memory is full
 * @param users a line for each
 */
export function valkeyFiles(keeping: string, users: readonly string[]): Readonly<Record<string, string>> {
  return {
    "/etc/valkey/valkey.conf": `bind * -::*
port 6379
protected-mode no
aclfile /etc/valkey/users.acl

dir /data
${keeping}
loglevel warning

enable-debug-command no
enable-module-command no
`,
    "/etc/valkey/users.acl": ["user default on nopass resetkeys resetchannels -@all +ping", ...users, ""].join("\n"),
  };
}
