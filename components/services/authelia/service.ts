import { tmpfs, volume } from "#components/container/facts.ts";
import { wget } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import { AUTHELIA_CONFIG, AUTHELIA_USERS, autheliaConfig, autheliaUsers } from "./config.ts";
import type { AutheliaEndpoint } from "./endpoint.ts";
import { evidence } from "./evidence.ts";
import type { AutheliaOptions } from "./options.ts";

/**
 * Says yes or no to a web server about each request: who has not logged in with two factors gets to no site. It has no way
 * out: what it would mail, a code for a new device or a new password, is in `/data/notifications.txt`.
 *
 * People are a secret that others make, `garrison:<name>Users`: the text of Authelia's own file of users, with hashes.
 *
 * @example
 * ```ts
 * const login = authelia("login", {
 *   sessions: valkey("login-sessions"),
 *   site: siteSettings("login"),
 *   protects: [{ site: siteSettings("wiki") }],
 * });
 * ```
 */
export function authelia(name: string, options: AutheliaOptions): AutheliaEndpoint {
  const endpoint = define(name, {
    uses: { sessions: { to: options.sessions, why: "sessions outlive a restart", keys: "authelia-session*" } },
    serves: { speaks: "authelia", port: 9091, authenticates: true },
    settings: [options.site, ...options.protects.map(({ site, of }) => (of === undefined ? site : { part: site, of }))],
    secrets: {
      session: { why: "encrypts sessions", source: { type: "bytes", length: 32 } },
      storage: { why: "encrypts what is stored of second factors", source: { type: "bytes", length: 32 } },
      reset: { why: "signs what a new password is asked with", source: { type: "bytes", length: 32 } },
    },
    external: { [usersOf(name)]: "who may log in, with the hash of each password" },
    facts: (self) => ({
      purpose: "Authelia: who may open which site",
      image: "authelia",
      evidence,
      // One look at a password takes 64 MiB.
      memory: 384,
      memoryFloor: 64,
      cpus: 0.5,
      pids: 64,
      environment: { X_AUTHELIA_CONFIG: AUTHELIA_CONFIG },
      writable: { "/tmp": tmpfs(16), "/data": volume(`${self.name}-data`) },
      health: wget(9091, "/api/health", { startPeriod: 30 }),
      listens: [9091],
    }),
    files: (self) => ({
      [AUTHELIA_CONFIG]: autheliaConfig(self, options),
      [AUTHELIA_USERS]: autheliaUsers(usersOf(self.name)),
    }),
  });
  return { ...endpoint, site: options.site, protects: options.protects };
}

function usersOf(name: string): string {
  return `${name}-users`;
}
