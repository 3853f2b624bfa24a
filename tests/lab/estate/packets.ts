import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planNetworks } from "#components/network/plan-networks.ts";
import { reachability } from "#components/network/reachability.ts";
import type { Reachability } from "#components/network/reachability.ts";
import { tableOf } from "#components/firewall/render-rules.ts";
import { internetAddresses } from "#lab/internet/addresses.ts";
import { authorityFile } from "#lab/internet/authority.ts";
import { parseConnections } from "#lab/internet/connection-log.ts";
import { internetDirectory } from "#lab/internet/ensure.ts";
import type { EstateFacts } from "#lab/estate/facts.ts";
import { publishAddress } from "#lab/estate/network-block.ts";
import { office } from "#stacks/office.ts";
import type { LabEstate } from "#tests/support/lab-estate.ts";
import {
  canaryPorts,
  differences,
  hostAddresses,
  probesOfHost,
  probesOfOutside,
  probesOfServices,
} from "#tests/support/packet-matrix.ts";
import type { Probe } from "#tests/support/packet-matrix.ts";
import { fetchFrom } from "#tests/support/clients.ts";
import { commandIn, listen } from "#tests/support/packets.ts";
import type { Namespace } from "#tests/support/packets.ts";
import { giveVersion6, probesOfVersion6 } from "#tests/support/version6.ts";

const minutes = 60_000;

let estate: LabEstate;
let reach: Reachability;
let facts: EstateFacts;
let table = "";
const pids = new Map<string, number>();
const stops: (() => Promise<void>)[] = [];

function namespaceOf(from: string): Namespace {
  if (from === "host") return "host";
  if (from === "lan") return { name: `garrison-${estate.id}` };
  const pid = pids.get(from);
  if (pid === undefined) throw new Error(`nobody knows where ${from} runs`);
  return { pid };
}

const found = (probes: readonly Probe[]) => differences(probes, (from) => Promise.resolve(namespaceOf(from)));

/** Everything from every container, from the host and from a neighbour of the host. */
async function everything(): Promise<Probe[]> {
  const addresses = await hostAddresses(4);
  return [
    ...office.services.flatMap(({ name }) => [
      ...probesOfServices(reach, name),
      ...probesOfHost(reach, name, addresses),
      ...probesOfOutside(reach, name),
    ]),
    ...probesOfServices(reach, "host"),
    ...probesOfServices(reach, "lan"),
  ];
}

/** Restarts a container and waits until it is well; its namespace is a new one. */
async function restart(service: string): Promise<void> {
  const name = `${estate.id}-${service}`;
  await execa("docker", ["restart", "-t", "1", name]);
  const state = ["inspect", "-f", "{{.State.Health.Status}}", name];
  while ((await execa("docker", state)).stdout !== "healthy") await sleep(200);
  pids.set(service, await estate.pidOf(service));
  await listenIn(service);
}

async function listenIn(service: string): Promise<void> {
  const ports = [...reach.portsOf(service), ...canaryPorts].map(({ number, protocol }) => ({ port: number, protocol }));
  stops.push(await listen(namespaceOf(service), ports));
}

async function nft(...args: string[]): Promise<void> {
  await execa("nft", args);
}

/** "Isolated" as a measurement: every pair, with real packets, against the model that plan and pages are made of. */
export function packets(given: () => LabEstate): void {
  beforeAll(async () => {
    estate = given();
    table = tableOf(estate.id);
    facts = estate.facts;
    const { networks } = planNetworks(office.networks, office.services, estate.id, facts.network);
    const address = publishAddress(facts.network);
    const resolvers = [internetAddresses.resolver];
    reach = reachability({ ...office, networks, publish: { address }, resolvers });
    for (const { name } of office.services) pids.set(name, await estate.pidOf(name));
    for (const { name } of office.services) await listenIn(name);
    stops.push(
      await listen(
        "host",
        canaryPorts.map(({ number, protocol }) => ({ port: number, protocol })),
      ),
    );
  }, 2 * minutes);

  afterAll(async () => {
    for (const stop of stops) await stop();
  });

  describe("over IPv4", () => {
    test(
      "every pair of containers, and every container and host, LAN, metadata, resolver and internet, is as the model says",
      async () => {
        const probes = await everything();
        const open = probes.filter(({ expected }) => expected);
        // Of both kinds there are enough for the comparison to mean something.
        expect(open.length).toBeGreaterThan(60);
        expect(probes.length).toBeGreaterThan(2000);
        expect(await found(probes)).toEqual([]);
      },
      6 * minutes,
    );

    test(
      "one path opened on purpose on every network is found, and nothing else",
      async () => {
        const openings = reach.estate.networks.map(({ name, bridge, addresses, internal }) => {
          const [first = "", second = ""] = Object.values(addresses);
          const element = internal
            ? `"${bridge}" . ${first} . ${second} . tcp . 9998`
            : `"${bridge}" . ${first} . tcp . 9999`;
          return { name, set: internal ? "between" : "to-internet", element };
        });
        for (const { set, element } of openings) await nft("add", "element", "inet", table, set, `{ ${element} }`);
        try {
          const differing = await found(await everything());
          const seen = reach.estate.networks.map(({ name, internal, addresses }) => {
            const [from = ""] = Object.keys(addresses);
            const place = internal ? new RegExp(`^${from} -> \\S+ on ${name} `) : new RegExp(`^${from} -> internet `);
            return [name, differing.filter((line) => place.test(line)).length];
          });
          // Outside there are two addresses that answer on this port.
          const wanted = reach.estate.networks.map(({ name, internal }) => [name, internal ? 1 : 2] as const);
          expect(seen).toEqual(wanted);
          expect(differing).toHaveLength(wanted.reduce((sum, [, count]) => sum + count, 0));
        } finally {
          for (const { set, element } of openings) await nft("delete", "element", "inet", table, set, `{ ${element} }`);
        }
      },
      6 * minutes,
    );

    test(
      "so are the host, metadata services and a neighbour when what closes them is taken away",
      async () => {
        const egress = reach.estate.networks.find(({ name }) => name === "egress");
        const address = egress?.addresses["egress-proxy"] ?? "";
        const from = `"${egress?.bridge ?? ""}" . ${address}`;
        const blocks = ["169.254.0.0/16", "192.168.0.0/16", "168.63.129.16"];
        await nft("delete", "element", "inet", table, "closed", `{ ${blocks.join(", ")} }`);
        await nft("add", "element", "inet", table, "to-internet", `{ ${from} . tcp . 80 }`);
        await nft("add", "element", "inet", table, "to-host", `{ ${from} . ${egress?.gateway ?? ""} . tcp . 9998 }`);
        try {
          const probes = (await everything()).filter(({ from: who }) => who === "egress-proxy");
          const differing = (await found(probes)).map((line) =>
            line.replace(/^.*-> (\S+) \((\S+) port (\S+)\).*$/, "$1 $2 $3"),
          );
          for (const place of ["metadata 169.254.169.254", "metadata 168.63.129.16", "lan 192.168.77.10"]) {
            expect(differing).toContain(`${place} 80`);
            // What was allowed all the time, to public addresses, now leads there too.
            expect(differing).toContain(`${place} 443`);
          }
          expect(differing).toContain(`host ${egress?.gateway ?? ""} 9998`);
        } finally {
          const up = await estate.start("up");
          expect(up.exitCode, up.all).toBe(0);
          expect(up.all).toContain(`Loaded the host's rules again`);
        }
        expect(await found((await everything()).filter(({ from: who }) => who === "egress-proxy"))).toEqual([]);
      },
      8 * minutes,
    );
  });

  describe("what leaves through the proxy", () => {
    const search = async (): Promise<{ title: string }[]> => {
      // Nobody was handed the search yet: it is asked where it listens.
      const url = "http://127.0.0.1:8080/search?q=garrison&format=json";
      const { stdout } = await execa("docker", ["exec", `${estate.id}-searxng`, "wget", "-q", "-O", "-", url]);
      return (JSON.parse(stdout) as { results: { title: string }[] }).results;
    };
    const arrived = async (): Promise<(string | undefined)[]> => {
      const log = join(internetDirectory({ directory: estate.files.directory }), "connections.jsonl");
      return parseConnections(await readFile(log, "utf8")).map(({ server }) => server);
    };
    const proxyFor = (client: string): string => {
      const answer = reach.ask(client, "egress-proxy", { number: 3128, protocol: "tcp" });
      return answer.reachable ? `http://${answer.ways[0]?.destination ?? ""}:3128` : "";
    };

    test(
      "SearXNG answers from the internet, and with nothing when the proxy has no way out",
      async () => {
        expect((await search()).map(({ title }) => title)).toEqual(["Garrison"]);
        expect(await arrived()).toContain("en.wikipedia.org");
        const egress = reach.estate.networks.find(({ name }) => name === "egress");
        const element = `{ "${egress?.bridge ?? ""}" . ${egress?.addresses["egress-proxy"] ?? ""} . tcp . 443 }`;
        await nft("delete", "element", "inet", table, "to-internet", element);
        try {
          // A tunnel that is open stays open: with the proxy's restart it is not.
          await restart("egress-proxy");
          expect(await search()).toEqual([]);
        } finally {
          await nft("add", "element", "inet", table, "to-internet", element);
        }
        // It leaves an engine alone for a while that did not answer, until it begins anew.
        await restart("searxng");
        expect(await search()).toHaveLength(1);
      },
      2 * minutes,
    );

    test(
      "the gateway reaches its model, and only by the proxy; another client of the proxy does not",
      async () => {
        const url = "https://api.anthropic.com/v1/models";
        const trust = ["--cacert", authorityFile(internetDirectory({ directory: estate.files.directory }))];
        const gateway = namespaceOf("openclaw-gateway");
        const before = (await arrived()).length;

        const direct = await fetchFrom(
          gateway,
          url,
          ...trust,
          "--resolve",
          `api.anthropic.com:443:${internetAddresses.web}`,
        );
        expect([direct.ok, direct.text.includes("timed out")], direct.text).toEqual([false, true]);
        const other = await fetchFrom(namespaceOf("searxng"), url, ...trust, "--proxy", proxyFor("searxng"));
        expect([other.ok, other.text.includes("403")], other.text).toEqual([false, true]);
        const elsewhere = await fetchFrom(
          gateway,
          "https://example.org/",
          ...trust,
          "--proxy",
          proxyFor("openclaw-gateway"),
        );
        expect([elsewhere.ok, elsewhere.text.includes("403")], elsewhere.text).toEqual([false, true]);
        expect((await arrived()).slice(before)).toEqual([]);

        const through = await fetchFrom(gateway, url, ...trust, "--proxy", proxyFor("openclaw-gateway"));
        expect(through.ok, through.text).toBe(true);
        expect((await arrived()).slice(before)).toEqual(["api.anthropic.com"]);
      },
      2 * minutes,
    );

    test("a sandbox has nothing but loopback", async () => {
      const namespace = namespaceOf("openclaw-sandbox");
      const [file, ...args] = commandIn(namespace, ["ip", "-j", "addr"]);
      const links = JSON.parse((await execa(file, args)).stdout) as { ifname: string }[];
      expect(links.map(({ ifname }) => ifname)).toEqual(["lo"]);
      expect(
        reach.nodes.filter((to) => reach.ask("openclaw-sandbox", to, { number: 443, protocol: "tcp" }).reachable),
      ).toEqual(["openclaw-sandbox"]);
    });
  });

  describe("over IPv6, on containers and bridges that were given addresses", () => {
    test(
      "nothing that begins in a container gets anywhere; without the rules it does",
      async () => {
        const probes = probesOfVersion6(await giveVersion6(reach.estate.networks, namespaceOf));
        expect(probes.length).toBeGreaterThan(60);
        expect(await found(probes)).toEqual([]);

        await nft("delete", "table", "inet", table);
        try {
          const open = await found(probes);
          // Every single attempt, so every one of them was stopped by a rule and by nothing else.
          expect(open).toHaveLength(probes.length);
        } finally {
          const up = await estate.start("up");
          expect(up.exitCode, up.all).toBe(0);
        }
        expect(await found(probes)).toEqual([]);
      },
      8 * minutes,
    );
  });
}
