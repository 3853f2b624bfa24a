import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { covers, narrowed } from "#components/network/host-names.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import type { Settings } from "#components/settings/settings.ts";
import { aClient, contextOf, filesIn, wired } from "#tests/support/wired.ts";

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const name = fc.array(label, { minLength: 2, maxLength: 3 }).map((labels) => labels.join("."));
const entry = fc.oneof(
  name,
  name.map((host) => `.${host}`),
);
const CLIENTS = ["browser", "gateway", "memory", "search"];
/** What each of the clients may ask for. */
const allowances = fc.array(fc.array(entry, { maxLength: 4 }), {
  minLength: CLIENTS.length,
  maxLength: CLIENTS.length,
});

describe("an allow-list", () => {
  test("stands for exactly what its entries stand for, and says nothing twice", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), name, (wanted, host) => {
        const hosts = narrowed(wanted);
        for (const one of [host, ...wanted.map((own) => own.replace(/^\./, ""))]) {
          expect(hosts.some((own) => covers(own, one))).toBe(wanted.some((own) => covers(own, one)));
        }
        for (const one of hosts) expect(hosts.filter((own) => covers(own, one))).toEqual([one]);
        expect(hosts).toEqual([...hosts].sort());
      }),
    );
  });

  test.each([
    [".example.org", "example.org", true],
    [".example.org", "www.example.org", true],
    [".example.org", "wwwexample.org", false],
    ["example.org", "www.example.org", false],
    [".www.example.org", "example.org", false],
    ["*", "anything.example", true],
  ])("%s covers %s: %s", (own, host, expected) => {
    expect(covers(own, host)).toBe(expected);
  });
});

/** A proxy with these clients, by what each may ask for. */
function proxied(lists: readonly (readonly string[])[]) {
  const out = egressProxy("way-out");
  const clients = lists.map((hosts, index) =>
    aClient(CLIENTS[index] ?? "", { out: { to: out, why: "why", hosts: [{ hosts, why: "why" }] } }),
  );
  return wired([out, ...clients]);
}

function squidConf(lists: readonly (readonly string[])[], changes: Partial<Settings> = {}): string {
  return filesIn(proxied(lists), "way-out", changes)["/etc/egress-proxy/squid.conf"] ?? "";
}

describe("squid.conf", () => {
  test("lets every client ask for its own hosts, from its own address, and no client for another's", () => {
    fc.assert(
      fc.property(allowances, (lists) => {
        const rules = rulesOf(squidConf(lists));
        const { networks } = contextOf(proxied(lists));
        for (const [index, client] of CLIENTS.entries()) {
          const addresses = networks.flatMap(({ addresses: own }) => own[client] ?? []);
          const hosts = narrowed(lists[index] ?? []);
          expect(addresses).toHaveLength(1);
          const own = rules.filter(({ from }) => from.some((address) => addresses.includes(address)));
          expect(own.flatMap(({ from }) => from)).toEqual(hosts.length > 0 ? addresses : []);
          expect(own.flatMap(({ to }) => to)).toEqual(hosts);
        }
        expect(rules).toHaveLength(lists.filter((hosts) => hosts.length > 0).length);
        for (const { to, names, behind } of rules) expect([names, behind]).toEqual([to, to]);
      }),
    );
  });

  test("ends with a refusal, asks the settings' resolvers, and lets nothing be written down", () => {
    const text = squidConf([["example.org"]], { resolvers: ["9.9.9.9", "149.112.112.112"] });
    const access = text.split("\n").filter((line) => line.startsWith("http_access"));
    expect(access.at(-1)).toBe("http_access deny all");
    expect(access.slice(0, 3).every((line) => line.startsWith("http_access deny "))).toBe(true);
    expect(
      text
        .split("\n")
        .filter((line) => line.startsWith("ssl_bump "))
        .at(-1),
    ).toBe("ssl_bump terminate all");
    expect(text).toContain("\ndns_nameservers 9.9.9.9 149.112.112.112\n");
    expect(text).toContain("\ncache deny all\n");
  });

  test("a client of everything is still refused addresses and what is nobody's on the internet", () => {
    const text = squidConf([["*", "en.wikipedia.org"]]);
    expect(text).toContain("http_access allow front from_browser !not_public");
    expect(text).toContain("http_access allow behind_browser !not_public");
    expect(text).not.toMatch(/acl (to|names)_/);
    expect(text.indexOf("http_access deny address")).toBeLessThan(text.indexOf("http_access allow front"));
  });
});

interface Rule {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Names that may stand in TLS, and what the client's own port behind the front lets through. */
  readonly names: readonly string[];
  readonly behind: readonly string[];
}

/** Each allowing rule as Squid would read it: source addresses and destination names. */
function rulesOf(text: string): Rule[] {
  const acls = new Map(
    [...text.matchAll(/^acl (\S+) (?:src|dstdomain -n|ssl::server_name --client-requested) (.*)$/gm)].map(
      ([, acl = "", values = ""]) => [acl, values.split(" ")],
    ),
  );
  const second = (pattern: RegExp) =>
    new Map([...text.matchAll(pattern)].map(([, port = "", acl = ""]) => [port, acls.get(acl) ?? []]));
  const behind = second(/^http_access allow behind_(\S+) (\S+) !not_public$/gm);
  const names = second(/^ssl_bump splice behind_(\S+) (\S+)$/gm);
  return [...text.matchAll(/^http_access allow front from_(\S+) (\S+) !not_public$/gm)].map(
    ([, client = "", to = ""]) => ({
      from: acls.get(`from_${client}`) ?? [],
      to: acls.get(to) ?? [],
      names: names.get(client) ?? [],
      behind: behind.get(client) ?? [],
    }),
  );
}
