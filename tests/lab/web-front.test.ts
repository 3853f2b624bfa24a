import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { HostDefinition } from "#components/host/bundle/host-spec.ts";
import { countryDatabase } from "../support/country-database.ts";
import { startMachine } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";
import { docker, testPrefix } from "../support/docker.ts";
import {
  SITES,
  aFrontMachine,
  ask,
  askPlainly,
  configure,
  frontHost,
  must,
  startBackends,
} from "../support/web-front/front.ts";
import type { Answer, Asked } from "../support/web-front/front.ts";

// Debian's own nginx with what the front has it configured with, small programs behind it, and Authelia's rules read by a
// stand-in that cleans a path as Authelia does.
const own = aFrontMachine();
const name = `${testPrefix()}-front`;
let machine: DebianMachine;
let ca: string;
/** Whoever asks from here. */
let here: string;

const CERTIFICATES = SITES.map(
  (site) =>
    `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=${site} -addext subjectAltName=DNS:${site}.example.org -keyout ${site}.key -out ${site}.pem 2>/dev/null`,
).join(" && ");

beforeAll(async () => {
  machine = await startMachine(name, { booted: false });
  here = await docker("inspect", "-f", "{{.NetworkSettings.Gateway}}", name);
  // systemd is not there; it would do the same.
  await must(
    machine,
    "printf '#!/bin/sh\\nexec nginx -s reload\\n' >/usr/local/bin/systemctl && chmod 755 /usr/local/bin/systemctl",
  );
  await must(machine, `mkdir -p /etc/ssl/test && cd /etc/ssl/test && ${CERTIFICATES}`);
  ca = await must(machine, "cat /etc/ssl/test/*.pem");
  await must(machine, "base64 -d >/srv/countries.mmdb", countryDatabase(BLOCKS).toString("base64"));
  await startBackends(machine, own);
});

const BLOCKS = { "198.51.100.0/25": "NL", "198.51.100.128/25": "BE", "203.0.113.0/24": "US" };

afterAll(async () => {
  await machine.remove();
});

const asked = (host: string, what: Asked = {}): Promise<Answer> =>
  ask(machine.address, ca, host.includes(".") ? host : `${host}.example.org`, what);
const certificates = () =>
  must(machine, "garrison-certificates /etc/nginx/garrison-certificates /var/lib/garrison/tls && sleep 0.5");

/** Has nginx take what the settings say, with the certificates that are there. */
async function front(told: object = {}, change: (text: string) => string = (text) => text): Promise<void> {
  const host = frontHost(own, { requestsPerSecond: 1000, burst: 1000, ...told });
  const sites = Object.fromEntries(Object.entries(host.nginx?.sites ?? {}).map(([site, text]) => [site, change(text)]));
  const changed: HostDefinition = { ...host, nginx: { ...host.nginx, sites } };
  await configure(machine, changed);
  await certificates();
}

const said = z.object({ site: z.string(), read: z.string().optional(), headers: z.record(z.string(), z.string()) });
const saidBy = ({ body }: Answer) => said.parse(JSON.parse(body));
const SESSION = { cookie: "one=1; authelia_session=yes; two=2" };

test("a site ends the handshake until its certificate is there, and the others are served", async () => {
  await must(machine, "mv /etc/ssl/test/wiki.key /etc/ssl/test/away.key");
  await front();
  await expect(asked("wiki")).rejects.toThrow(/unrecognized name/);
  expect(saidBy(await asked("notes")).site).toBe("notes");
  await must(machine, "cp /etc/ssl/test/notes.key /etc/ssl/test/wiki.key");
  const { stderr } = await machine.shell(
    "garrison-certificates /etc/nginx/garrison-certificates /var/lib/garrison/tls",
  );
  expect(stderr).toContain("/etc/ssl/test/wiki.key is not the key of /etc/ssl/test/wiki.pem");
  await must(machine, "mv /etc/ssl/test/away.key /etc/ssl/test/wiki.key");
  await certificates();
  expect(saidBy(await asked("wiki")).site).toBe("wiki");
});

describe("names", () => {
  beforeAll(() => front());

  test("each site answers for its own, and sends whoever comes without TLS there", async () => {
    for (const site of ["wiki", "notes"]) expect(saidBy(await asked(site)).site).toBe(site);
    const { status, headers } = await askPlainly(machine.address, "wiki.example.org", "/a?b=c");
    expect([status, headers.location]).toEqual([301, "https://wiki.example.org/a?b=c"]);
  });

  test("nobody answers for another, in the handshake or after it", async () => {
    await expect(asked("other")).rejects.toThrow(/unrecognized name/);
    await expect(asked("other", { handshake: "wiki.example.org" })).rejects.toThrow(/socket hang up/);
    await expect(askPlainly(machine.address, "other.example.org", "/")).rejects.toThrow(/socket hang up/);
  });

  test("a page has the headers of the front, and none of the program's that tell on it", async () => {
    const { headers } = await asked("wiki");
    expect(headers).toMatchObject({
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
    });
    expect(Object.keys(headers)).not.toContain("x-powered-by");
  });

  test("a request that is too large is refused, by each site's own measure", async () => {
    const body = "x".repeat(1.5 * 2 ** 20);
    expect((await asked("wiki", { method: "POST", body })).status).toBe(413);
    expect((await asked("notes", { method: "POST", body })).status).toBe(200);
  });

  test("a connection is handed on as one that stays where the site has such, and nowhere else", async () => {
    const headers = { connection: "upgrade", upgrade: "websocket", ...SESSION };
    expect(saidBy(await asked("flows", { headers })).headers).toMatchObject({
      Upgrade: "websocket",
      Connection: "upgrade",
    });
    expect(saidBy(await asked("wiki", { headers })).headers).not.toHaveProperty("Upgrade");
    for (const upgrade of ["h2c", "TLS/1.2", "websocket, h2c"]) {
      const seen = saidBy(await asked("flows", { path: "/webhook/a", headers: { connection: "upgrade", upgrade } }));
      expect(seen.headers, upgrade).not.toHaveProperty("Upgrade");
    }
  });
});

describe("the login", () => {
  beforeAll(() => front());

  test("stands before a site: nobody, a stranger and who may not are kept out, who has logged in is let in", async () => {
    const nobody = await asked("flows", { path: "/home?a=b" });
    expect(nobody.status).toBe(302);
    expect(nobody.headers.location).toBe("https://login.example.org/?rd=https://flows.example.org/home?a=b");
    expect((await asked("flows", { headers: { cookie: "authelia_session=guess" } })).status).toBe(302);
    expect((await asked("flows", { headers: { cookie: "authelia_session=other" } })).status).toBe(403);
    expect(saidBy(await asked("flows", { path: "/home", headers: SESSION }))).toMatchObject({
      site: "flows",
      read: "/home",
    });
    // Another program's own refusal is its own.
    expect((await asked("flows", { path: "/denied", headers: SESSION })).status).toBe(401);
  });

  test("lets by what its rules let by, and nothing else", async () => {
    expect(saidBy(await asked("flows", { path: "/webhook/abc?x=1", method: "POST", body: "{}" })).read).toBe(
      "/webhook/abc",
    );
    for (const path of ["/webhook", "/webhooks/a", "/Webhook/a", "/WEBHOOK/a", "/a?x=/webhook/", "/a/webhook/"])
      expect((await asked("flows", { path, method: "POST" })).status, path).toBe(302);
  });

  test("cannot be asked by anybody else, and takes no password in a header", async () => {
    expect((await asked("flows", { path: "/garrison-authz", headers: SESSION })).status).toBe(404);
    const headers = { authorization: "Basic cGVyc29uOnBhc3N3b3Jk" };
    expect((await asked("flows", { headers })).status).toBe(302);
  });

  test("is told no other address than the one that was asked", async () => {
    const headers = {
      "x-original-url": "https://flows.example.org/webhook/a",
      "x-original-method": "GET",
      "x-forwarded-uri": "/webhook/a",
      "x-rewrite-url": "/webhook/a",
    };
    expect((await asked("flows", { path: "/rest", headers })).status).toBe(302);
  });

  test("no program behind sees the session of all sites, or who somebody says to be", async () => {
    const claims = {
      "remote-user": "root",
      "x-forwarded-user": "root",
      "true-client-ip": "root",
      "x-client-ip": "root",
    };
    const headers = { ...SESSION, ...claims, "x-original-url": "/admin" };
    const seen = saidBy(await asked("flows", { headers })).headers;
    expect(seen.Cookie).toBe("one=1; two=2");
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(["Remote-User"]));
    expect(JSON.stringify(seen)).not.toMatch(/root|\/admin/);
    const twice = { cookie: "authelia_session=yes; a=1; authelia_session=yes" };
    expect(JSON.stringify(saidBy(await asked("wiki", { headers: twice })).headers)).not.toContain("authelia_session");
    expect(saidBy(await asked("login", { headers: SESSION })).headers.Cookie).toBe(SESSION.cookie);
  });

  test("who does not answer lets nobody in", async () => {
    const text = (config: string) => config.replace(/http:\/\/[\d.]+:9091\/api/, "http://127.0.0.1:9/api");
    await front({}, text);
    expect((await asked("flows", { headers: SESSION })).status).toBe(500);
    expect((await asked("flows", { path: "/webhook/a" })).status).toBe(500);
    await front();
    expect((await asked("flows", { headers: SESSION })).status).toBe(200);
  });
});

describe("paths that are read in two ways", () => {
  /** What a program behind reads as `/rest/users`, and Authelia may read as open. */
  const TRICKS = [
    "/webhook/..;/rest/users",
    "/webhook/.;/../rest/users",
    "/webhook/%252e%252e/rest/users",
    "/webhook/%25%32%65%25%32%65/rest/users",
    "/webhook/..%5crest/users",
    "/webhook/..\\rest/users",
    "/webhook/..%3b/rest/users",
    "/webhook/../rest/users",
    "/webhook/%2e%2e/rest/users",
    "/webhook/..%2frest/users",
    "/webhook//../rest/users",
    "//rest/users",
    "/./rest/users",
    "/rest%00/users",
    "/rest/users#/webhook/",
    "/webhook/..",
  ];
  const unguarded = (text: string) => text.replace(/ {2}if \(\$front_plain_path = 0\) \{[^}]*\}\n/, "");

  test("are refused before anybody is asked, whoever asks", async () => {
    await front();
    for (const path of TRICKS) {
      expect((await asked("flows", { path })).status, path).toBe(400);
      expect((await asked("flows", { path, headers: SESSION })).status, path).toBe(400);
    }
  });

  test("do get past the login without that", async () => {
    await front({}, unguarded);
    const past: string[] = [];
    for (const path of TRICKS) {
      const { status, body } = await asked("flows", { path });
      if (status === 200 && said.parse(JSON.parse(body)).read === "/rest/users") past.push(path);
    }
    expect(past).toEqual(TRICKS.slice(0, 7));
  });

  test("usual paths are none of them", async () => {
    await front();
    const paths = [
      "/",
      "/icons/@n8n/nodes-langchain/dist/a.svg",
      "/a.b/..c/%20%C3%A4",
      "/a?x=..;//%2e%2e/",
      "/api/x/alerts-*",
    ];
    for (const path of paths) expect((await asked("flows", { path, headers: SESSION })).status, path).toBe(200);
  });
});

describe("who a visitor is", () => {
  const forged = { "x-forwarded-for": "198.51.100.9", "cf-connecting-ip": "198.51.100.9", "x-real-ip": "198.51.100.9" };
  const addressOf = async (headers: Readonly<Record<string, string>>) => {
    const seen = saidBy(await asked("wiki", { headers })).headers;
    expect(seen["X-Real-Ip"]).toBe(seen["X-Forwarded-For"]);
    return seen["X-Real-Ip"];
  };

  test("is whoever connects, whatever headers say", async () => {
    await front();
    expect(await addressOf(forged)).toBe(here);
  });

  test("is whom a named proxy says last, and only that", async () => {
    await front({ proxies: [here] });
    expect(await addressOf({ ...forged, "x-forwarded-for": "10.0.0.1, 203.0.113.7" })).toBe("203.0.113.7");
    await front({ proxies: ["192.0.2.0/24"] });
    expect(await addressOf(forged)).toBe(here);
  });

  test("is in the site's own log first, with the status", async () => {
    await front({ proxies: [here] });
    await asked("flows", { path: "/seen", headers: { "x-forwarded-for": "203.0.113.7" } });
    const line = await must(machine, "tail -1 /var/log/nginx/flows.access.log");
    expect(line).toMatch(/^203\.0\.113\.7 - - \[[^\]]+\] "GET \/seen HTTP\/1\.1" 302 /);
  });
});

describe("limits of one visitor", () => {
  const by = (visitor: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => asked("wiki", { headers: { "x-forwarded-for": visitor } })));
  const statuses = (answers: readonly Answer[]) => [...new Set(answers.map(({ status }) => status))].sort();

  test("hold, for one and not for all; without them everything is answered", async () => {
    await front({ proxies: [here], requestsPerSecond: 1, burst: 5 });
    expect(statuses(await by("203.0.113.1", 20))).toEqual([200, 429]);
    expect(statuses(await by("203.0.113.2", 3))).toEqual([200]);
    expect(await must(machine, "cat /var/log/nginx/wiki.error.log")).toMatch(
      /limiting requests[^]*client: 203\.0\.113\.1,/,
    );
    await front({ proxies: [here] });
    expect(statuses(await by("203.0.113.1", 20))).toEqual([200]);
  });
});

describe("countries", () => {
  const from = (visitor: string) =>
    asked("wiki", { headers: { "x-forwarded-for": visitor } }).then(({ status }) => status, String);
  const [dutch, belgian, american, unknown] = ["198.51.100.1", "198.51.100.200", "203.0.113.1", "192.0.2.1"] as const;
  const database = { countryDatabase: "/srv/countries.mmdb" };
  const all = async () => [await from(dutch), await from(belgian), await from(american), await from(unknown)];
  const gone = expect.stringContaining("socket hang up") as unknown;

  test("are let in by a list or kept out by one; who is from none is kept out by both; without, all are in", async () => {
    await front({ proxies: [here], ...database, onlyCountries: ["NL", "BE"] });
    expect(await all()).toEqual([200, 200, gone, gone]);
    await front({ proxies: [here], ...database, notCountries: ["BE"] });
    expect(await all()).toEqual([200, gone, 200, gone]);
    await front({ proxies: [here] });
    expect(await all()).toEqual([200, 200, 200, 200]);
  });
});
