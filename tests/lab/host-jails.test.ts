import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostSpec } from "#components/host/bundle/host-spec.ts";
import { autheliaJail, siteLogs } from "#components/host/bundle/jail.ts";
import { jailsOf } from "#components/host/bundle/machine-jails.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { bootHost } from "../support/booted-host.ts";
import type { BootedHost } from "../support/booted-host.ts";
import { until } from "../support/debian-machine.ts";
import { testPrefix } from "../support/docker.ts";
import { LINES } from "../support/jail-lines.ts";

// Debian's fail2ban and Nginx, within their sandboxes, against offenders with addresses of their own.
const minutes = 60_000;
const MACHINE = "100.64.0.1";
const PROXY = "100.64.0.99";
let host: BootedHost;

/** Each jail's offender has an address of his own, and so has a visitor who does nothing. */
const OFFENDERS = {
  sshd: "100.64.0.11",
  "nginx-bad-request": "100.64.0.12",
  "nginx-botsearch": "100.64.0.13",
  "nginx-hidden-files": "100.64.0.14",
  "nginx-limit-req": "100.64.0.15",
  authelia: "100.64.0.16",
  recidive: "100.64.0.17",
} as const;
const VISITOR = "100.64.0.50";
type Name = keyof typeof OFFENDERS;

const login = `server {
  listen 80;
  server_name login.test;
  access_log ${siteLogs("login").access};
  error_log ${siteLogs("login").error};
  root /var/www/html;
  location /api/ { return 401; }
  location /limited/ { limit_req zone=perip; }
}
`;

function spec(proxies: readonly string[] = [], changes: Partial<HostSpec> = {}): HostSpec {
  const from = ["0.0.0.0/0"];
  return host.spec({
    firewall: { open: [{ port: 80, protocol: "tcp", from, why: "the sites" }], estates: ["demo"] },
    nginx: { sites: { login }, proxies },
    jails: { authelia: autheliaJail("login") },
    ...changes,
  });
}

/** Asks from an address for paths by raw lines, all over one connection each; prints the status of each, or what failed. */
const CLIENT = `import socket, sys
source, count, request = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode().decode("unicode_escape").encode("latin1")
for _ in range(count):
    try:
        with socket.create_connection(("${MACHINE}", 80), 3, (source, 0)) as s:
            s.sendall(request)
            print(s.recv(4096).split(b" ")[1].decode())
    except Exception as error:
        print(type(error).__name__)
`;

const shell = async (script: string, input?: string): Promise<string> =>
  (await host.machine.shell(script, input)).stdout;

const ask = async (from: string, request: string, count = 1): Promise<string> =>
  shell(
    `ip netns exec offenders python3 /tmp/client.py ${from} ${String(count)} '${request}' | sort -u | paste -sd ' '`,
  );

const request = (method: string, path: string, headers = ""): string =>
  `${method} ${path} HTTP/1.1\\r\\nHost: login.test\\r\\nX-Forwarded-For: 203.0.113.50\\r\\n${headers}Connection: close\\r\\n\\r\\n`;

const OFFENCES: Readonly<Record<Name, (from: string) => Promise<unknown>>> = {
  sshd: (from) =>
    shell(
      `for n in 1 2 3 4 5; do ip netns exec offenders ssh -b ${from} -o BatchMode=yes -o StrictHostKeyChecking=no -o ConnectTimeout=3 guess$n@${MACHINE} true; done`,
    ),
  "nginx-bad-request": (from) => ask(from, "\\x16\\x03\\x01\\r\\n\\r\\n", 5),
  "nginx-botsearch": (from) => ask(from, request("GET", "/wp-login.php"), 3),
  "nginx-hidden-files": (from) => ask(from, request("GET", "/shop/.git/config"), 3),
  "nginx-limit-req": (from) => ask(from, request("GET", "/limited/x"), 60),
  authelia: (from) => ask(from, request("POST", "/api/%66irstfactor"), 5),
  recidive: (from) =>
    shell(
      `for n in 1 2 3 4 5; do fail2ban-client set nginx-botsearch banip ${from}; sleep 0.3; fail2ban-client set nginx-botsearch unbanip ${from}; done`,
    ),
};

const banned = (jail: string) => shell(`fail2ban-client get ${jail} banip`);
/** Whether a packet from an address gets to a port. */
const reaches = async (from: string, port: number): Promise<boolean> =>
  (
    await host.machine.shell(
      `ip netns exec offenders python3 -c 'import socket; socket.create_connection(("${MACHINE}", ${String(port)}), 2, ("${from}", 0))'`,
    )
  ).exitCode === 0;

beforeAll(async () => {
  host = await bootHost(`${testPrefix()}-jails`);
  const addresses = [...Object.values(OFFENDERS), VISITOR, PROXY].map(
    (address) => `ip -n offenders addr add ${address}/24 dev out`,
  );
  await shell(`set -e
mkdir -p /run/netns; ip netns add offenders
ip link add in type veth peer name out netns offenders
ip addr add ${MACHINE}/24 dev in; ip link set in up
${addresses.join("\n")}
ip -n offenders link set out up; ip -n offenders link set lo up`);
  await shell("cat >/tmp/client.py", CLIENT);
  await host.settle(planBundle(spec()));
}, 15 * minutes);

afterAll(() => host.remove());

test("every jail of the machine runs, within a sandbox", async () => {
  const names = Object.keys(jailsOf(spec())).sort();
  expect(names).toEqual(Object.keys(OFFENDERS).sort());
  const said = await shell("fail2ban-client status | sed -n 's/.*Jail list:\\t*//p'");
  expect(said.split(", ").sort()).toEqual(names);
  for (const service of ["fail2ban", "nginx", "chrony"]) {
    const level = await shell(`systemd-analyze security --no-pager ${service}.service | tail -n 1`);
    expect(Number(/level for \S+: (\d+\.\d)/.exec(level)?.[1]), level).toBeLessThanOrEqual(5);
    // A container has no clock of its own, so there chrony is not started.
    if (service !== "chrony") expect(await shell(`systemctl is-active ${service}.service`)).toBe("active");
  }
});

describe.each(Object.keys(LINES) as Name[])("the filter of %s", (name) => {
  test("takes the lines that it is for, from the client that is first in them, and no other", async () => {
    const { filter } = jailsOf(spec())[name] ?? { filter: "" };
    const file = typeof filter === "string" ? filter : `garrison-${name}`;
    const { trips, passes } = LINES[name];
    const found = async (lines: readonly string[]): Promise<string[]> => {
      const text = `${lines.join("\n")}\n`;
      const out = await shell(`cat >/tmp/lines; fail2ban-regex -o '<ip>' /tmp/lines '${file}'`, text);
      return out.split("\n").filter((line) => line !== "");
    };
    expect(await found(trips)).toEqual(trips.map(() => "198.51.100.9"));
    expect(await found(passes)).toEqual([]);
  });
});

test.each(Object.entries(OFFENDERS) as [Name, string][])(
  "%s bans its offender, whatever he says he is, and lets him in again",
  async (name, from) => {
    const port = name === "sshd" ? 22 : 80;
    expect(await reaches(from, port)).toBe(true);
    await OFFENCES[name](from);
    await until(async () => (await banned(name)) === from);
    await until(async () => !(await reaches(from, port)));
    expect(await reaches(VISITOR, port)).toBe(true);
    await shell(`fail2ban-client unban ${from}`);
    expect(await banned(name)).toBe("");
    await until(() => reaches(from, port));
  },
  3 * minutes,
);

test("a filter that does not parse, and a jail of a site that is not there, change nothing", async () => {
  const jails = { authelia: { ...autheliaJail("login"), filter: ['"POST ('] } };
  const refused = await host.machine.run(planBundle(spec([], { jails })), "apply");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/garrison-authelia.conf is refused by fail2ban-regex:[\s\S]*Unable to compile/);
  expect(await shell("fail2ban-client status | grep -c authelia")).toBe("1");
  expect(() => planBundle(spec([], { nginx: { sites: {} } }))).toThrow("jails.authelia.reads");
});

test(
  "behind a proxy the visitor is banned by Nginx and the proxy is not; from anybody else its header means nothing",
  async () => {
    await host.settle(planBundle(spec([`${PROXY}/32`])));
    const by = (visitor: string) => `CF-Connecting-IP: ${visitor}\\r\\n`;
    const get = (from: string, visitor: string) => ask(from, request("GET", "/none", by(visitor)));
    expect(await get(PROXY, "203.0.113.9")).toBe("404");
    await ask(PROXY, request("GET", "/.env", by("203.0.113.9")), 3);
    await until(async () => (await banned("nginx-hidden-files")) === "203.0.113.9");
    await until(async () => (await get(PROXY, "203.0.113.9")) === "403");
    expect(await get(PROXY, "203.0.113.10")).toBe("404");
    // He names another visitor, and is banned himself.
    const { authelia: forger } = OFFENDERS;
    await ask(forger, request("POST", "/api/firstfactor", by("203.0.113.10")), 5);
    await until(async () => (await banned("authelia")) === forger);
    await until(async () => (await get(forger, "203.0.113.10")) === "403");
    expect(await get(PROXY, "203.0.113.10")).toBe("404");
    await shell(`fail2ban-client unban ${forger} 203.0.113.9`);
    await until(async () => (await get(PROXY, "203.0.113.9")) === "404");
    expect(await shell("systemctl is-active nginx fail2ban | sort -u")).toBe("active");
  },
  minutes,
);
