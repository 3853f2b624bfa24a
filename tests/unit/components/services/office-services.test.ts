import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { isChecked } from "#components/container/health.ts";
import { waiverProblems } from "#components/container/waiver.ts";
import { publishedPorts } from "#components/machine/plan-machine.ts";
import { userOf } from "#components/services/service.ts";
import { office } from "#stacks/office.ts";

/** The inventory of the office machine. */
const INVENTORY = [
  "calendar-aggregator",
  "cloudflared",
  "docker-socket-proxy",
  "egress-proxy",
  "falkordb",
  "gmail-notify",
  "graphiti",
  "llm-guard",
  "nginx",
  "openclaw-gateway",
  "openclaw-sandbox",
  "openclaw-sandbox-browser",
  "openclaw-sandbox-sub",
  "request-broker",
  "searxng",
  "uptime-kuma",
  "valkey",
  "wazuh-dashboard",
  "wazuh-indexer",
  "wazuh-manager",
];

const egress = office.networks.filter((network) => network.egress === true);

function peersOf(name: string): string[] {
  const shared = office.networks.filter(({ members }) => members.includes(name)).flatMap(({ members }) => members);
  return [...new Set(shared)].filter((peer) => peer !== name).sort();
}

test("the office machine has the containers of the inventory", () => {
  expect(office.services.map(({ name }) => name).sort()).toEqual(INVENTORY);
});

describe.each(office.services.map((service) => [service.name, service] as const))("%s", (_, service) => {
  test("has limits, a floor below them, and room for its tmpfs", () => {
    expect(service.memoryFloor).toBeLessThanOrEqual(service.memory);
    expect(service.memoryFloor).toBeGreaterThan(0);
    expect(service.cpus).toBeGreaterThan(0);
    expect(Number.isInteger(service.pids) && service.pids >= 16 && service.pids <= 1024).toBe(true);
    for (const mount of Object.values(service.writable)) {
      if (mount.type === "tmpfs") expect(mount.size).toBeLessThanOrEqual(service.memory);
    }
  });

  test("writes to normal absolute paths, never to the root itself", () => {
    const paths = [...Object.keys(service.writable), ...Object.keys(service.mounts ?? {})];
    for (const path of paths) expect(posix.resolve("/", path)).toBe(path);
    expect(paths).not.toContain("/");
    expect(new Set(paths).size).toBe(paths.length);
  });

  test("has a health check that runs a program, and time for it to succeed", () => {
    if (!isChecked(service.health)) throw new Error(`${service.name} has no check of its own`);
    const { test: check, interval = 5, startPeriod = 10 } = service.health;
    expect(check.length).toBeGreaterThanOrEqual(2);
    expect(check[0] === "CMD" || check.length === 2).toBe(true);
    expect(service.startSeconds ?? 120).toBeGreaterThanOrEqual(startPeriod + interval);
    // A check that cannot fail.
    expect(check.slice(1)).not.toEqual(["true"]);
  });

  test("reads no file into the arguments or the environment of what looks at its health", () => {
    expect(isChecked(service.health) ? service.health.test.join(" ") : "").not.toMatch(/\$\((?:cat |<)|`(?:cat |<)/);
  });

  test("has waivers in order, and an own user or root only with one", () => {
    const waivers = service.waivers ?? [];
    expect(waivers.flatMap(waiverProblems)).toEqual([]);
    expect(waivers.some(({ id }) => id === "container.user")).toBe(service.user !== undefined);
    const socket = Object.values(service.mounts ?? {}).some((source) => source.endsWith(".sock"));
    expect(waivers.some(({ id }) => id === "container.sensitive-mounts")).toBe(socket);
  });

  test("publishes only what it listens on, beyond the machine's own ports", () => {
    for (const port of publishedPorts(service.name, office.flows)) expect(service.listens).toContain(port);
    for (const port of service.listens) expect(Number.isInteger(port) && port > 0 && port < 65_536).toBe(true);
    // Without root and without capabilities a low port cannot be had.
    if (userOf(service).uid !== 0) for (const port of service.listens) expect(port).toBeGreaterThanOrEqual(1024);
  });

  test("keeps no secret in its environment", () => {
    for (const name of Object.keys(service.environment ?? {})) {
      // The name of a program that counts tokens.
      expect(name.replace("TIKTOKEN", "")).not.toMatch(/PASSWORD|SECRET|TOKEN|PRIVATE|API_KEY/);
    }
  });
});

describe("the estate's separations", () => {
  test("a user of ours belongs to one service", () => {
    const own = office.services.filter(({ user }) => user === undefined).map((service) => userOf(service).uid);
    expect(new Set(own).size).toBe(own.length);
    expect(Math.min(...own)).toBeGreaterThan(20_000);
  });

  test("volumes have one owner", () => {
    const volumes = office.services.flatMap(({ writable }) =>
      Object.values(writable).flatMap((mount) => (mount.type === "volume" ? [mount.volume] : [])),
    );
    expect(new Set(volumes).size).toBe(volumes.length);
  });

  test("the three sandboxes, and nothing else, run model-chosen code; none keeps anything", () => {
    const agents = office.services.filter(({ agent }) => agent === true);
    expect(agents.map(({ name }) => name)).toEqual([
      "openclaw-sandbox",
      "openclaw-sandbox-browser",
      "openclaw-sandbox-sub",
    ]);
    for (const { writable, waivers, mounts, idle } of agents) {
      expect(Object.values(writable).map(({ type }) => type)).not.toContain("volume");
      // Nothing of an agent's posture is given up.
      expect([waivers, mounts]).toEqual([undefined, undefined]);
      expect(idle).toBeDefined();
    }
  });

  test("sandboxes reach nobody; the browser reaches the egress proxy", () => {
    expect(peersOf("openclaw-sandbox")).toEqual([]);
    expect(peersOf("openclaw-sandbox-sub")).toEqual([]);
    expect(peersOf("openclaw-sandbox-browser")).toEqual(["egress-proxy"]);
  });

  test("only the proxy, the tunnel and the Wazuh manager are on a network that leads out, each alone", () => {
    expect(egress.map(({ members }) => members)).toEqual([["egress-proxy"], ["cloudflared"], ["wazuh-manager"]]);
  });

  test("databases have one client; whom nobody asks, and who has no program, is on no network", () => {
    expect(peersOf("falkordb")).toEqual(["graphiti"]);
    expect(peersOf("valkey")).toEqual(["searxng"]);
    for (const name of ["llm-guard", "docker-socket-proxy", "request-broker", "gmail-notify", "calendar-aggregator"])
      expect(peersOf(name)).toEqual([]);
  });

  test("clients of the egress proxy do not meet on its networks", () => {
    const toProxy = office.networks.filter(
      ({ members, egress: out }) => out !== true && members.includes("egress-proxy"),
    );
    for (const { members } of toProxy) expect(members).toHaveLength(2);
  });
});
