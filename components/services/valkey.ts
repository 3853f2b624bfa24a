import { exec } from "../container/health.ts";
import { secret } from "../secrets/reference.ts";
import { service, tmpfs, volume } from "./service.ts";

/** Cache and rate counters of SearXNG. */
export const valkey = service("valkey", {
  purpose: "Valkey: cache of the web search",
  number: 12,
  image: "valkey",
  memory: 160,
  memoryFloor: 32,
  cpus: 0.25,
  pids: 64,
  command: ["valkey-server", "/etc/valkey/valkey.conf"],
  files: () => ({
    "/etc/valkey/valkey.conf": lines(
      "aclfile /etc/valkey/users.acl",
      "dir /data",
      "save 30 1",
      "loglevel warning",
      "maxmemory 96mb",
      "maxmemory-policy allkeys-lru",
    ),
    // Both passwords: while one is rotated, the search still comes with the other.
    "/etc/valkey/users.acl": lines(
      "user default off",
      `user searxng on #${secret("valkey-search", { as: "sha256" })} ` +
        `#${secret("valkey-search", { slot: "previous", as: "sha256" })} ~* &* +@all -@admin -@dangerous`,
    ),
  }),
  writable: { "/tmp": tmpfs(16), "/data": volume("valkey-data") },
  // Who has no password is told so by a server that is well.
  health: exec(["sh", "-c", "case $(valkey-cli ping 2>&1) in *NOAUTH*) ;; *) exit 1 ;; esac"]),
  listens: [6379],
});

function lines(...all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
