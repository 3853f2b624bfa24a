import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { referencesIn, secret } from "#components/secrets/reference.ts";
import { authelia } from "#components/services/authelia/service.ts";
import { siteSettings } from "#components/services/site.ts";
import { valkey } from "#components/services/valkey/service.ts";
import { delivered, madeUp } from "#tests/support/office-files.ts";
import { filesIn, wired } from "#tests/support/wired.ts";

const sessions = valkey("login-sessions");
const [wiki, flows] = [siteSettings("wiki"), siteSettings("flows")];
const protects = [{ site: wiki }, { site: flows, open: ["^/webhook/"] }];
const own = wired([authelia("login", { sessions, site: siteSettings("login"), protects }), sessions]);

const domains = (wikiDomain = "wiki.example.org") => ({
  login: { domain: "login.example.org" },
  wiki: { domain: wikiDomain },
  flows: { domain: "flows.example.org" },
});
const filesOf = (settings: object = domains()) => filesIn(own, "login", settings);

const schema = z.looseObject({
  access_control: z.object({ default_policy: z.string(), rules: z.array(z.looseObject({ domain: z.string() })) }),
  session: z.looseObject({
    cookies: z.array(z.looseObject({ domain: z.string(), authelia_url: z.string() })),
    redis: z.object({ host: z.string(), port: z.number(), username: z.string(), password: z.string() }),
  }),
  server: z.looseObject({ disable_healthcheck: z.boolean() }),
});
const configOf = (settings?: object) =>
  schema.parse(parse(delivered(filesOf(settings)["/etc/authelia/configuration.yml"] ?? "")));

describe("authelia", () => {
  test("lets nobody to a site without two factors, but to its open paths, and to no other name", () => {
    expect(configOf().access_control).toEqual({
      default_policy: "deny",
      rules: [
        { domain: "wiki.example.org", policy: "two_factor" },
        { domain: "flows.example.org", resources: ["^/webhook/"], policy: "bypass" },
        { domain: "flows.example.org", policy: "two_factor" },
      ],
    });
  });

  test("keeps sessions for the names beside its own, in its own keys of the cache", () => {
    const { session } = configOf();
    expect(session.cookies).toMatchObject([{ domain: "example.org", authelia_url: "https://login.example.org" }]);
    expect(session.redis).toEqual({
      host: "login-sessions",
      port: 6379,
      username: "login",
      password: madeUp({ name: "login-sessions-login", slot: "current" }),
    });
    expect(filesIn(own, "login-sessions")["/etc/valkey/users.acl"]).toMatch(/^user login on .* ~authelia-session\* /m);
  });

  test("refuses a site whose name its sessions do not reach", () => {
    expect(() => filesOf(domains("wiki.example.com"))).toThrow(
      /garrison:wiki\.domain: found wiki\.example\.com; expected a name below example\.org/,
    );
  });

  test("has a name for each in a lab that says none", () => {
    const { access_control, session } = configOf({});
    expect(session.cookies[0]?.domain).toBe("site.test");
    expect(access_control.rules.map(({ domain }) => domain)).toEqual([
      "wiki.site.test",
      "flows.site.test",
      "flows.site.test",
    ]);
  });

  test("reads people from the file that others make, and writes nothing to its program's directory", () => {
    expect(filesOf()["/etc/authelia/users.yml"]).toBe(secret("login-users"));
    expect(configOf().server.disable_healthcheck).toBe(true);
    const names = referencesIn(filesOf()["/etc/authelia/configuration.yml"] ?? "").map(({ name }) => name);
    expect(names.sort()).toEqual(["login-reset", "login-session", "login-sessions-login", "login-storage"]);
  });
});
