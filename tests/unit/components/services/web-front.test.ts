import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { HostDefinition } from "#components/host/bundle/host-spec.ts";
import { nginx } from "#components/host/bundle/render/nginx.ts";
import { hostWithPrograms } from "#components/machine/host-programs.ts";
import { siteSettings } from "#components/services/site.ts";
import { staticSite } from "#components/services/static-site/service.ts";
import { isCountry } from "#components/services/web-front/country.ts";
import { webFront } from "#components/services/web-front/service.ts";
import { frontSettings } from "#components/services/web-front/settings.ts";
import { SITES, aFrontMachine, frontHost, frontTold } from "#tests/support/web-front/front.ts";
import { contextOf, wired } from "#tests/support/wired.ts";

const own = aFrontMachine();
const sitesOf = (host: HostDefinition) => host.nginx?.sites ?? {};
const host = { host: {} } as never;

/** What is reported of settings, as `property: found`. */
function problemsOf(told: Record<string, object>): string[] {
  const { problems } = hostWithPrograms(own, contextOf(own, told), host);
  return problems.map(({ property, found }) => `${property}: ${found}`);
}

describe("a web front", () => {
  const sites = sitesOf(frontHost(own));

  test("has a server block for each site that it was handed, and for the login", () => {
    expect(Object.keys(sites).sort()).toEqual(["flows", "front", "login", "notes", "wiki"]);
    for (const site of SITES) {
      expect(sites[site]?.match(/server_name \S+;/g)).toEqual([
        `server_name ${site}.example.org;`,
        `server_name ${site}.example.org;`,
      ]);
    }
  });

  test("asks Authelia before what Authelia protects, and nowhere else", () => {
    const behind = SITES.filter((site) => sites[site]?.includes("auth_request /"));
    expect(behind).toEqual(["flows"]);
    expect(sites.flows).toContain("proxy_set_header X-Original-URL https://flows.example.org$request_uri;");
    const authenticated = own.flows.filter(({ authenticatedBy }) => authenticatedBy === "login");
    expect(authenticated.map(({ to }) => to)).toEqual(["flows"]);
  });

  test("keeps the session of all sites from every program but the login's own page", () => {
    const keeps = SITES.filter((site) => sites[site]?.includes("proxy_set_header Cookie $front_cookie;"));
    expect(keeps).toEqual(["flows", "notes", "wiki"]);
  });

  test("hands on no protocol but websockets, and nobody's word for who he is", () => {
    expect(sites.front).toContain('"~*^websocket$" websocket;');
    expect(SITES.filter((site) => sites[site]?.includes("proxy_set_header Upgrade $front_upgrade;"))).toEqual([
      "flows",
    ]);
    for (const site of SITES) {
      expect(sites[site]).not.toContain("$http_upgrade");
      for (const header of ["Remote-User", "X-Forwarded-User", "CF-Connecting-IP", "True-Client-IP"])
        expect(sites[site], site).toContain(`proxy_set_header ${header} "";`);
    }
  });

  test("leaves out a site that is switched off, and what nobody can log in for", () => {
    const without = (name: string): string[] => {
      const flows = own.flows.filter(({ to }) => to !== name);
      const configured = own.programs?.({ ...contextOf(own, frontTold()), flows }) ?? [];
      return configured.flatMap((one) => Object.keys(sitesOf(one.host))).sort();
    };
    expect(without("wiki")).toEqual(["flows", "front", "login", "notes"]);
    expect(without("login")).toEqual(["front", "notes", "wiki"]);
  });

  test("bans who guesses at the login, by what nginx logs of its page", () => {
    const reads = Object.entries(frontHost(own).jails ?? {}).map(([jail, { reads }]) => [jail, reads]);
    expect(reads).toEqual([["authelia", { accessesOf: "login" }]]);
    expect(sites.login).toContain("access_log /var/log/nginx/login.access.log combined;");
  });

  test("has the machine watch the certificates that the settings name", () => {
    const { files = [], units = [] } = frontHost(own);
    expect(files.find(({ path }) => path === "/etc/nginx/garrison-certificates")?.content.split("\n")[0]).toBe(
      "wiki /etc/ssl/test/wiki.pem /etc/ssl/test/wiki.key",
    );
    const watched = units.find(({ name }) => name.endsWith(".path"))?.path?.PathChanged;
    expect(watched).toContain("/etc/ssl/test/flows.key");
  });

  test("knows countries where it has to, with the module that does", () => {
    const told = { countryDatabase: "/srv/c.mmdb", onlyCountries: ["NL", "BE", "NL"] };
    const { packages, nginx: spec } = frontHost(own, told);
    expect(packages).toEqual(["openssl", "libnginx-mod-http-geoip2"]);
    expect(spec?.sites.front).toContain("  default 1;\n  ZZ 1;\n  BE 0;\n  NL 0;\n}");
    expect(spec?.sites.wiki).toContain("if ($front_refused) {");
    expect(sites.front).not.toContain("geoip2");
    expect(sites.wiki).not.toContain("$front_refused");
  });

  test("believes a named proxy by what it wrote last, and Cloudflare by its own header", () => {
    const text = (spec: HostDefinition["nginx"]) => nginx(spec ?? { sites: {} }, true)[0]?.content;
    const named = frontHost(own, { proxies: ["192.0.2.0/24"] }).nginx;
    expect(text(named)).toContain("set_real_ip_from 192.0.2.0/24;\nreal_ip_header X-Forwarded-For;");
    expect(text({ sites: {}, proxies: ["192.0.2.0/24"] })).toContain("real_ip_header CF-Connecting-IP;");
    expect(text(frontHost(own).nginx)).not.toContain("real_ip");
  });

  test("hands on to TLS by TLS", () => {
    const page = { ...staticSite("page", { pages: {} }), speaks: "https" } as const;
    const front = webFront("front", { sites: [{ to: page, at: siteSettings("page") }] });
    const machine = wired([page], [], [], { programs: [front] });
    const configured = machine.programs?.(contextOf(machine)) ?? [];
    expect(configured[0]?.host.nginx?.sites.page).toContain("proxy_pass https://10.77.0.66:8080;");
  });
});

describe("what is wrong is told all together", () => {
  test("nothing is wrong with what is right", () => {
    expect(problemsOf(frontTold())).toEqual([]);
    expect(problemsOf({})).toEqual([]);
  });

  test("a certificate that nobody named, by the settings, outside a lab", () => {
    const files = own.settings?.filter(({ fields }) => "certificate" in fields) ?? [];
    expect(files.map(({ name }) => name).sort()).toEqual(SITES);
    for (const { needed } of files) expect(Object.keys(needed ?? {})).toEqual(["certificate", "certificateKey"]);
  });

  test("names that two have, countries without a database", () => {
    const told = frontTold({ onlyCountries: ["NL"], notCountries: ["BE"] });
    const notes = { domain: "Wiki.Example.org" };
    expect(problemsOf({ ...told, notes }).sort()).toEqual([
      "garrison:front.countryDatabase: nothing",
      "garrison:front.notCountries: a list, beside onlyCountries",
      "garrison:wiki and garrison:notes.domain: wiki.example.org",
    ]);
    expect(problemsOf(frontTold({ countryDatabase: "/srv/c.mmdb" }))).toEqual([
      "garrison:front.countryDatabase: /srv/c.mmdb",
    ]);
  });

  test("a country that there is not, and a proxy that is everybody, by the schema", () => {
    const schema = z.strictObject(frontSettings("front").fields);
    const told = { onlyCountries: ["NL", "XX"], proxies: ["0.0.0.0/0", "192.0.2.7/24", "192.0.2.0/24"] };
    const { issues = [] } = schema.safeParse(told).error ?? {};
    expect(issues.map(({ path }) => path.join("."))).toEqual(["proxies.0", "proxies.1", "onlyCountries.1"]);
  });

  test("a country is one of today's, and no union, region or code for tests", () => {
    expect(["NL", "GB", "XK", "TW"].filter(isCountry)).toHaveLength(4);
    expect(["nl", "XX", "ZZ", "EU", "UK", "SU", "XA", "NLD", ""].filter(isCountry)).toEqual([]);
  });
});
