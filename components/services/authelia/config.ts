import { stringify } from "yaml";
import { refuse } from "#components/lib/problems.ts";
import { secret } from "#components/secrets/reference.ts";
import type { Rendering } from "#components/wiring/blueprint.ts";
import { domainOf, originOf } from "../site.ts";
import type { AutheliaOptions } from "./options.ts";

export const AUTHELIA_CONFIG = "/etc/authelia/configuration.yml";
/** Name of the cookie that is the session of all sites. */
export const AUTHELIA_COOKIE = "authelia_session";
export const AUTHELIA_USERS = "/etc/authelia/users.yml";

/**
 * Authelia's configuration: nothing is let through that no rule names. Its own health check would write to its program's
 * directory.
 *
 * @throws {ProblemsError} naming each site that is not beside the one where people log in
 */
export function autheliaConfig(self: Rendering, { site, protects }: AutheliaOptions): string {
  const login = originOf(site, self.setting(site));
  const domain = new URL(login).hostname.split(".").slice(1).join(".");
  const open = protects.filter(({ of }) => of === undefined || self.isOn(of));
  const sites = open.map((one) => ({ ...one, domain: domainOf(one.site, self.setting(one.site)) }));
  refuse(
    `Sites behind ${self.name}`,
    sites
      .filter((one) => !one.domain.endsWith(`.${domain}`))
      .map((one) => ({
        property: `garrison:${one.site.name}.domain`,
        found: one.domain,
        expected: `a name below ${domain}, whose sessions ${new URL(login).hostname} keeps`,
      })),
  );
  const redis = self.use("sessions");
  const text = {
    theme: "auto",
    server: {
      address: "tcp://:9091/",
      disable_healthcheck: true,
      endpoints: { authz: { "auth-request": { implementation: "AuthRequest" } } },
    },
    log: { level: "info", format: "json" },
    totp: { issuer: domain },
    identity_validation: { reset_password: { jwt_secret: self.own("reset") } },
    authentication_backend: {
      password_reset: { disable: true },
      file: { path: AUTHELIA_USERS, password: { algorithm: "argon2" } },
    },
    access_control: { default_policy: "deny", rules: sites.flatMap(rulesOf) },
    session: {
      secret: self.own("session"),
      cookies: [{ name: AUTHELIA_COOKIE, domain, authelia_url: login, same_site: "lax" }],
      expiration: "8 hours",
      inactivity: "30 minutes",
      remember_me: -1,
      redis: { host: redis.name, port: redis.port, username: self.name, password: redis.login() },
    },
    regulation: { max_retries: 3, find_time: "2 minutes", ban_time: "10 minutes" },
    storage: { encryption_key: self.own("storage"), local: { path: "/data/db.sqlite3" } },
    notifier: { disable_startup_check: true, filesystem: { filename: "/data/notifications.txt" } },
    // It has no way to a clock of others; the machine keeps its own.
    ntp: { disable_startup_check: true, disable_failure: true },
  };
  return stringify(text, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}

/** People, as whoever keeps the list wrote it. */
export function autheliaUsers(users: string): string {
  return secret(users);
}

/** The first rule that fits decides: open paths come before the site. */
function rulesOf({ domain, open = [] }: { readonly domain: string; readonly open?: readonly string[] }): object[] {
  return [
    ...(open.length > 0 ? [{ domain, resources: [...open], policy: "bypass" }] : []),
    { domain, policy: "two_factor" },
  ];
}
