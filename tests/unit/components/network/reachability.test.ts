import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { machineReachability } from "#components/machine/machine-reachability.ts";
import type { NetworkRequest } from "#components/machine/machine-definition.ts";
import { flow } from "#components/network/flow.ts";
import type { Flow, Port } from "#components/network/flow.ts";
import { CANARIES, matrix } from "#components/network/matrix.ts";
import { planNetworks } from "#components/network/plan-networks.ts";
import { ROOT_ALONE, reachability } from "#components/network/reachability.ts";
import type { Estate, Reachability } from "#components/network/reachability.ts";
import { office } from "#stacks/office.ts";
import { settings } from "../machine/example.ts";
import { machine, withFlows } from "./a-machine.ts";

const tcp = (number: number): Port => ({ number, protocol: "tcp" });
const udp = (number: number): Port => ({ number, protocol: "udp" });
const onLan = { ...settings, publish: { address: "192.168.1.5" } };
const reach = machineReachability(machine, onLan);

function reasonOf(from: string, to: string, port: Port, of: Reachability = reach): string {
  const answer = of.ask(from, to, port);
  return answer.reachable ? "reachable" : answer.reason;
}

function whysOf(from: string, to: string, port: Port, of: Reachability = reach): string[] {
  const answer = of.ask(from, to, port);
  return answer.reachable ? [...new Set(answer.ways.map(({ why }) => why))] : [];
}

describe("from service to service", () => {
  test("a declared port is reached over the network of both, between their addresses", () => {
    expect(reach.ask("page", "store", tcp(5432))).toEqual({
      reachable: true,
      ways: [{ network: "data", source: "10.77.0.66", destination: "10.77.0.67", why: "the page reads" }],
    });
  });

  test.each([
    ["page", "store", tcp(5433), "they share data, but flows go to port 5432 only, not 5433"],
    ["page", "store", udp(5432), "they share data, but flows go to port 5432 only, not 5432/udp"],
    ["store", "page", tcp(8080), "they share data, but no flow from store to page is declared"],
    ["page", "collector", tcp(1514), "they share no network"],
    ["page", "lonely", tcp(8080), "lonely is on no network at all"],
    ["lonely", "page", tcp(8080), "lonely is on no network at all"],
    ["page", "agent", tcp(1), "they share no network"],
  ])("%s to %s on %o is not: %s", (from, to, port, reason) => {
    expect(reasonOf(from, to, port)).toBe(reason);
  });

  test("members of a network that leads out do not meet there", () => {
    const networks = machine.networks.map((network) =>
      network.name === "edge" ? { ...network, members: ["collector", "proxy"] } : network,
    );
    const { networks: planned } = planNetworks(networks, machine.services, "office", settings.network);
    const flows = [...machine.flows, flow("proxy", "collector", 1514, "because")];
    const own = reachability({ ...onLan, ...machine, networks: planned, flows });
    expect(reasonOf("proxy", "collector", tcp(1514), own)).toBe(
      "they share edge, where members cannot reach each other",
    );
  });
});

describe("from a service outwards", () => {
  test("on the ports of its flows", () => {
    expect(reach.ask("proxy", "internet", tcp(443))).toEqual({
      reachable: true,
      ways: [{ network: "egress", source: "10.77.1.5", why: "the way out" }],
    });
    expect(reasonOf("proxy", "internet", tcp(80))).toBe("flows go to internet on port 443 only, not 80");
    expect(reasonOf("proxy", "resolver", udp(53))).toBe("reachable");
    expect(reasonOf("proxy", "resolver", udp(54))).toBe("flows go to resolver on port 53, 53/udp only, not 54/udp");
    expect(reasonOf("collector", "internet", tcp(443))).toBe("no flow from collector to internet is declared");
  });

  test("a resolver with a public address is on the internet, too", () => {
    expect(reasonOf("proxy", "resolver", tcp(443))).toBe("reachable");
    const inside = machineReachability(machine, { ...onLan, resolvers: ["192.168.1.1"] });
    expect(reasonOf("proxy", "resolver", tcp(443), inside)).toMatch(/^flows go to resolver on port 53, 53\/udp only/);
  });

  test("else through the proxy, to what it allows", () => {
    expect(reasonOf("page", "internet", tcp(443))).toBe(
      "page is on internal networks only; through proxy to example.org, .example.net",
    );
    expect(reasonOf("store", "internet", tcp(443))).toBe("store is on internal networks only");
    expect(reach.relaysOf("agent")).toEqual([{ proxy: "proxy", ports: [tcp(3128)], hosts: ["*"] }]);
    expect(reach.relaysOf("store")).toEqual([]);
  });

  test.each(["proxy", "page", "lonely"])("%s reaches neither metadata nor neighbours", (name) => {
    expect(reasonOf(name, "metadata", tcp(80))).toMatch(/^nothing reaches the metadata service/);
    expect(reasonOf(name, "lan", tcp(22))).toMatch(/^no container begins connections/);
  });

  test("the host only where a flow says so, on its own side of the bridge", () => {
    expect(reasonOf("page", "host", tcp(9100))).toBe("no flow to the host is declared");
    const own = machineReachability(withFlows(flow("store", "host", 9100, "metrics")), onLan);
    expect(own.ask("store", "host", tcp(9100))).toEqual({
      reachable: true,
      ways: [{ network: "data", source: "10.77.0.67", destination: "10.77.0.65", why: "metrics" }],
    });
    expect(reasonOf("store", "host", tcp(22), own)).toBe("flows go to host on port 9100 only, not 22");
    expect(reasonOf("page", "host", tcp(9100), own)).toBe("no flow to the host is declared");
  });
});

describe("from outside", () => {
  test("the host's root reaches every port of what is on a network", () => {
    expect(reach.ask("host", "store", udp(7))).toEqual({
      reachable: true,
      ways: [
        {
          network: "data",
          source: "10.77.0.65",
          destination: "10.77.0.67",
          why: "the host's root alone, who is root over its containers",
        },
      ],
    });
    expect(whysOf("host", "store", tcp(5432))).toEqual(["the host's root alone, who is root over its containers"]);
    expect(reasonOf("host", "lonely", tcp(8080))).toBe("lonely is on no network at all");
  });

  test("one account of the host reaches what is opened to it, on the network that carries it alone", () => {
    const asks = { ...flow("host", "page", 8080, "people open it"), account: 33, network: "data" };
    const own = machineReachability(withFlows(asks), onLan);
    expect(whysOf("host", "page", tcp(8080), own)).toEqual(["the account 33 of the host: people open it", ROOT_ALONE]);
    const both = withFlows(asks, { ...asks, account: 34, why: "it is watched" });
    expect(whysOf("host", "page", tcp(8080), machineReachability(both, onLan))[0]).toBe(
      "the account 33 of the host: people open it; the account 34 of the host: it is watched",
    );
  });

  test("any account of the host reaches what a flow opens to it and what is published, and nothing else", () => {
    const own = machineReachability(withFlows(flow("host", "page", 8080, "the operator looks")), onLan);
    const root = "the host's root alone, who is root over its containers";
    expect(whysOf("host", "page", tcp(8080), own)).toEqual(["any account of the host: the operator looks"]);
    expect(whysOf("host", "page", tcp(8081), own)).toEqual([root]);
    for (const loopback of [reach, machineReachability(machine, settings)]) {
      expect(whysOf("host", "collector", tcp(1514), loopback)).toEqual([
        "any account of the host, by the published port: neighbours report",
      ]);
      expect(whysOf("host", "collector", tcp(55_000), loopback)).toEqual([root]);
    }
  });

  test("neighbours reach what is published to them", () => {
    expect(reach.ask("lan", "collector", tcp(1514))).toEqual({
      reachable: true,
      ways: [{ network: "edge", destination: "10.77.1.70", why: "neighbours report" }],
    });
    expect(reasonOf("lan", "collector", tcp(55_000))).toBe("collector publishes 1514, not 55000");
    expect(reasonOf("lan", "page", tcp(8080))).toBe("page publishes nothing");
    const loopback = machineReachability(machine, settings);
    expect(reasonOf("lan", "collector", tcp(1514), loopback)).toBe(
      "published on 127.0.0.1 only, which no neighbour reaches",
    );
  });

  test.each(["internet", "resolver", "metadata"])("%s reaches nobody", (place) => {
    expect(reasonOf(place, "collector", tcp(1514))).toBe(
      `nothing is published to ${place}: connections are begun from inside`,
    );
    expect(reasonOf(place, "host", tcp(22))).toBe("neither is a container of this machine");
  });
});

test("a name that nobody has is a mistake of the caller", () => {
  expect(() => reach.ask("page", "nobody", tcp(1))).toThrow("no service or place nobody");
});

const NAMES = ["a", "b", "c", "d"];
const services = NAMES.map((name, index) => ({ name, number: index + 1, listens: [80] }));
const request = (number: number): fc.Arbitrary<NetworkRequest> =>
  fc.record({
    name: fc.constant(`n${String(number)}`),
    number: fc.constant(number),
    why: fc.constant("because"),
    members: fc.subarray(NAMES, { minLength: 1 }),
    egress: fc.boolean(),
  });
const anyFlow: fc.Arbitrary<Flow> = fc.record({
  from: fc.constantFrom(...NAMES, "lan", "host"),
  to: fc.constantFrom(...NAMES, "internet", "host"),
  ports: fc.constantFrom([tcp(80)], [udp(80)], [tcp(80), tcp(81)]),
  why: fc.constant("because"),
});
const anyEstate: fc.Arbitrary<Estate> = fc.record({
  services: fc.constant(services),
  networks: fc
    .tuple(request(1), request(2), request(3))
    .map((requests) => planNetworks(requests, services, "office", settings.network).networks),
  flows: fc.array(anyFlow, { maxLength: 8 }),
  allowed: fc.constant([]),
  publish: fc.constant({ address: "192.168.1.5" }),
  resolvers: fc.constant(["192.168.1.1"]),
});

describe("on any machine", () => {
  test("what is reached is wanted and carried, and the reverse", () => {
    fc.assert(
      fc.property(anyEstate, (estate) => {
        const { networks, flows } = estate;
        for (const { from, to, port, answer } of matrix(reachability(estate), [tcp(81), udp(80)])) {
          const wanted = flows.some(
            (own) =>
              own.from === from &&
              own.to === to &&
              own.ports.some(({ number, protocol }) => number === port.number && protocol === port.protocol),
          );
          const carried = networks.some(({ addresses, internal }) => {
            const both = [from, to].every((name) => !NAMES.includes(name) || name in addresses);
            if (from === "host" || to === "host") return both;
            return both && internal === (NAMES.includes(from) && NAMES.includes(to));
          });
          const expected = carried && (wanted || from === "host");
          expect(answer.reachable, `${from} -> ${to}:${String(port.number)}`).toBe(expected);
        }
      }),
    );
  });

  test("a way is between addresses of one network, and its bridge's where the host is an end", () => {
    fc.assert(
      fc.property(anyEstate, (estate) => {
        const byName = new Map(estate.networks.map((network) => [network.name, network]));
        for (const { from, to, answer } of matrix(reachability(estate))) {
          if (!answer.reachable) continue;
          expect(answer.ways.length).toBeGreaterThan(0);
          for (const { network, source, destination } of answer.ways) {
            const { addresses = {}, gateway } = byName.get(network) ?? {};
            expect(source).toBe(from === "host" ? gateway : addresses[from]);
            expect(destination).toBe(to === "host" ? gateway : addresses[to]);
          }
        }
      }),
    );
  });

  test("one flow more opens its own ports and nothing else", () => {
    fc.assert(
      fc.property(anyEstate, anyFlow, (estate, added) => {
        const after = reachability({ ...estate, flows: [...estate.flows, added] });
        for (const { from, to, port, answer } of matrix(reachability(estate), [tcp(81), udp(80)])) {
          const now = after.ask(from, to, port).reachable;
          if (from === added.from && to === added.to) expect(now || !answer.reachable).toBe(true);
          else expect(now).toBe(answer.reachable);
        }
      }),
    );
  });

  test("the order of declaration does not matter", () => {
    fc.assert(
      fc.property(anyEstate, (estate) => {
        const turned = reachability({
          ...estate,
          services: [...estate.services].reverse(),
          networks: [...estate.networks].reverse(),
          flows: [...estate.flows].reverse(),
        });
        for (const { from, to, port, answer } of matrix(reachability(estate))) {
          expect(turned.ask(from, to, port).reachable).toBe(answer.reachable);
        }
      }),
    );
  });
});

describe("the office machine", () => {
  const own = machineReachability(office, onLan);
  const probes = [...matrix(own)];
  const reached = probes.filter(({ answer }) => answer.reachable);

  test("has every pair in its matrix, on the canary ports too", () => {
    const pairs = new Set(probes.map(({ from, to }) => `${from} ${to}`));
    expect(pairs.size).toBe(20 * 19 + 2 * 5 * 20);
    for (const port of CANARIES) {
      expect(
        probes.filter((probe) => probe.port.number === port.number && probe.port.protocol === port.protocol),
      ).toHaveLength(pairs.size);
    }
  });

  test("reaches what its flows say, and by nothing but the host more", () => {
    const wanted = office.flows.flatMap(({ from, to, ports }) =>
      ports.map(({ number, protocol }) => `${from} ${to} ${String(number)}/${protocol}`),
    );
    const found = reached
      .filter(({ from }) => from !== "host")
      .map(({ from, to, port }) => `${from} ${to} ${String(port.number)}/${port.protocol}`);
    expect(found.sort()).toEqual(wanted.sort());
  });

  test("opens no canary port but to the host", () => {
    const open = reached.filter(({ port }) => port.number === CANARIES[0]?.number);
    expect(new Set(open.map(({ from }) => from))).toEqual(new Set(["host"]));
  });

  test("tells the gateway's way to the internet", () => {
    expect(reasonOf("openclaw-gateway", "internet", tcp(443), own)).toBe(
      "openclaw-gateway is on internal networks only; through egress-proxy to api.anthropic.com, api.telegram.org",
    );
  });
});
