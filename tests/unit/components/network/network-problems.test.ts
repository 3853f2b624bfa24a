import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allow, egress, internal } from "#components/machine/machine-definition.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { flow } from "#components/network/flow.ts";
import type { Flow, PortText } from "#components/network/flow.ts";
import { networkProblems } from "#components/network/network-problems.ts";
import { office } from "#stacks/office.ts";
import { settings } from "../machine/example.ts";
import { machine, withFlows, withNetworks, withService } from "./a-machine.ts";

function problemsOf(definition: MachineDefinition, changes: Partial<typeof settings> = {}): string[] {
  return networkProblems(definition, { ...settings, ...changes }).map(({ property, found }) => `${property}: ${found}`);
}

test.each([machine, office])("a machine without a mistake has no problem", (definition) => {
  expect(problemsOf(definition)).toEqual([]);
});

test("every problem says what was expected", () => {
  const nothing = { ...machine, networks: [], allowed: [] };
  for (const { expected } of networkProblems(nothing, settings)) expect(expected).toMatch(/\w+ \w+/);
  expect(networkProblems(nothing, settings)[0]).toEqual({
    property: "flows.page -> store",
    found: "no path: page and store on no network at all",
    expected: "an internal network of both",
    fix: `internal("…", 1, "the page reads", ["page", "store"]) among the machine's networks`,
  });
});

describe("a flow", () => {
  test.each<[string, string, PortText, readonly string[]]>([
    ["page", "nobody", 80, ["unknown service or place nobody"]],
    ["nobody", "nobody", 80, ["unknown service or place nobody"]],
    ["page", "page", 8080, ["a flow to itself"]],
    ["page", "metadata", 80, ["the metadata service"]],
    ["metadata", "page", 8080, ["the metadata service"]],
    ["lan", "internet", 443, ["two places"]],
    ["internet", "page", 8080, ["connections that internet begins"]],
    ["resolver", "page", 8080, ["connections that resolver begins"]],
    ["page", "lan", 22, ["a connection to the machine's neighbours"]],
    ["page", "store", 5433, ["port 5433, on which store does not listen"]],
    ["page", "store", "5432/udp", ["port 5432/udp, on which store does not listen"]],
    ["page", "store", 0, ["port 0"]],
    ["proxy", "internet", 65_536, ["port 65536"]],
    ["proxy", "internet", 1.5, ["port 1.5"]],
    ["page", "lonely", 8080, ["no path: lonely on no network at all"]],
    ["page", "collector", 1514, ["no path: they share no network"]],
    ["store", "page", 5432, ["port 5432, on which page does not listen"]],
    ["lonely", "host", 22, ["no path: lonely on no network at all"]],
  ])("from %s to %s on %s", (from, to, port, found) => {
    const own = problemsOf(withFlows(flow(from, to, port, "because")));
    expect(own).toEqual(found.map((text) => `flows.${from} -> ${to}: ${text}`));
  });

  test("to the host and against another flow's direction is accepted", () => {
    expect(problemsOf(withFlows(flow("page", "host", 9100, "because")))).toEqual([]);
    expect(problemsOf(withFlows(flow("store", "page", 8080, "because")))).toEqual([]);
  });

  test("from the host to an agent says who authenticates, and that one can be asked", () => {
    const own = withService("agent", { listens: [8080] });
    const toAgent = flow("host", "agent", 8080, "people open it");
    const asked = { ...toAgent, authenticatedBy: "page" };
    const login = flow("host", "page", 8080, "it says who is asking");
    const told = (...flows: readonly Flow[]) => problemsOf({ ...own, flows: [...own.flows, ...flows] });
    expect(told(asked, login)).toEqual([]);
    expect(told(toAgent, login)).toEqual(["flows.host -> agent: a flow to the agent container agent"]);
    expect(told(asked)).toEqual(["flows.host -> agent.authenticatedBy: page"]);
    expect(told({ ...asked, from: "page", network: "data" }, login)).toContain(
      "flows.page -> agent: a flow to the agent container agent",
    );
    expect(told({ ...asked, from: "page" }, login)).toContain("flows.page -> agent.authenticatedBy: page");
  });

  test("from an account is one of the host's, and each account has its own", () => {
    const asks = (account: number, from = "host"): Flow => ({ ...flow(from, "page", 8080, "because"), account });
    expect(problemsOf(withFlows(asks(33), asks(0)))).toEqual([]);
    expect(problemsOf(withFlows(asks(33), asks(33)))).toEqual(["flows.host -> page: port 8080 by account 33 twice"]);
    for (const wrong of [-1, 1.5, 2 ** 32 - 1])
      expect(problemsOf(withFlows(asks(wrong)))).toEqual([`flows.host -> page.account: ${String(wrong)}`]);
    expect(problemsOf(withFlows(asks(33, "store")))).toEqual(["flows.store -> page.account: 33"]);
  });

  test("of one network has no path by another", () => {
    const own = (network: string): Flow => ({ ...flow("host", "page", 8080, "because"), network });
    expect(problemsOf(withFlows(own("data")))).toEqual([]);
    expect(problemsOf(withFlows(own("egress")))).toEqual([
      "flows.host -> page: no path: page is on data, out-page only, and none is egress",
    ]);
  });

  test("without a port, and twice", () => {
    expect(problemsOf(withFlows(flow("store", "page", [], "because")))).toEqual(["flows.store -> page: no port"]);
    const twice = withFlows(flow("proxy", "resolver", "53/udp", "because"), flow("store", "page", [8080, 8080], "x"));
    expect(problemsOf(twice)).toEqual([
      "flows.proxy -> resolver: port 53/udp twice",
      "flows.store -> page: port 8080 twice",
    ]);
  });

  test("between members of a network that leads out has no path", () => {
    const networks = machine.networks.map((network) =>
      network.name === "edge" ? { ...network, members: ["collector", "proxy"] } : network,
    );
    expect(problemsOf({ ...withFlows(flow("proxy", "collector", 1514, "because")), networks })).toEqual([
      "flows.proxy -> collector: no path: they share edge only, where members cannot reach each other",
    ]);
  });

  test("outside needs a network that leads there", () => {
    const waived = withService("page", { waivers: machine.services[3]?.waivers ?? [] });
    expect(problemsOf({ ...waived, flows: [...machine.flows, flow("page", "internet", 443, "because")] })).toEqual([
      "flows.page -> internet: no path: page is on data, out-page only, and none leads out",
    ]);
  });

  test("of an agent leads to a proxy and comes from nobody", () => {
    const own = withNetworks(internal("tools", 6, "because", ["agent", "page"]));
    expect(problemsOf({ ...own, flows: [...own.flows, flow("agent", "page", 8080, "because")] })).toEqual([
      "flows.agent -> page: a flow of the agent container agent",
    ]);
    const listening = { ...withService("agent", { listens: [9222] }), networks: own.networks };
    expect(problemsOf({ ...listening, flows: [...own.flows, flow("page", "agent", 9222, "because")] })).toEqual([
      "flows.page -> agent: a flow to the agent container agent",
    ]);
  });
});

describe("a path that no flow wants", () => {
  test("lies between members without a flow", () => {
    expect(problemsOf(withNetworks(internal("more", 6, "because", ["store", "page", "collector", "lonely"])))).toEqual([
      "networks.more.members: no flow between collector and lonely; collector and page; collector and store; " +
        "lonely and page; lonely and store",
    ]);
    const all = ["agent", "collector", "lonely", "page"];
    expect(problemsOf(withNetworks(internal("more", 6, "because", all)))).toEqual([
      "networks.more.members: no flow between agent and collector; agent and lonely; agent and page; " +
        "collector and lonely; collector and page; and 1 pairs more",
    ]);
  });

  test("is a membership that nothing uses", () => {
    expect(problemsOf(withNetworks(internal("own", 6, "because", ["page"])))).toEqual([
      "networks.own.members: page alone",
    ]);
    const toHost = { ...withNetworks(internal("own", 6, "because", ["lonely"])) };
    expect(problemsOf({ ...toHost, flows: [...toHost.flows, flow("lonely", "host", 22, "because")] })).toEqual([]);
    expect(problemsOf(withNetworks(egress("out", 6, "because", ["page"])))).toEqual([
      "networks.out.members: page, which has no flow to the internet, a resolver or another machine and none from the LAN or another machine",
    ]);
  });

  test("is found however the wanted ones are chosen", () => {
    const names = ["a", "b", "c", "d", "e"];
    const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const));
    const [template] = machine.services;
    if (template === undefined) throw new Error("no service");
    const services = names.map((name, index) => ({ ...template, name, number: index + 1 }));
    fc.assert(
      fc.property(fc.subarray(pairs), fc.infiniteStream(fc.boolean()), (wanted, turned) => {
        const flows = wanted.map(([one, other]) =>
          turned.next().value === true ? flow(one, other, 8080, "x") : flow(other, one, 8080, "x"),
        );
        const networks = [internal("all", 1, "because", names)];
        const problems = problemsOf({ ...machine, services, flows, networks, allowed: [] });
        expect(problems.length).toBe(wanted.length === pairs.length ? 0 : 1);
        // The same, on a network for each pair, are in order.
        const apart = wanted.map((members, index) => internal(`n${String(index)}`, index + 1, "because", members));
        expect(problemsOf({ ...machine, services, flows, networks: apart, allowed: [] })).toEqual([]);
      }),
    );
  });
});

describe("a way out of one's own", () => {
  test.each([
    ["proxy", "flows.proxy -> resolver"],
    ["collector", "flows.lan -> collector"],
  ])("of %s needs a waiver", (name, property) => {
    expect(problemsOf(withService(name, { waivers: [] }))).toEqual([`${property}: a way out of ${name}'s own`]);
  });

  test("that nobody uses needs none", () => {
    expect(problemsOf(withService("page", { waivers: machine.services[3]?.waivers ?? [] }))).toEqual([
      "services.page.waivers.network.egress: a waiver that nothing needs",
    ]);
  });

  test("is none of a database's", () => {
    expect(problemsOf(withService("collector", { database: true }))).toEqual([
      "networks.edge.members: the database collector on a network that leads out",
    ]);
    const beside = machine.networks.map((network) =>
      network.name === "egress" ? { ...network, members: ["proxy", "store"] } : network,
    );
    expect(problemsOf({ ...machine, networks: beside })).toContain(
      "networks.egress.members: the database store on a network that leads out",
    );
  });
});

describe("a proxy", () => {
  test("has a network of its own with each client", () => {
    const networks = [
      ...machine.networks.filter(({ name }) => !name.startsWith("out-")),
      internal("out", 2, "because", ["page", "agent", "proxy"]),
    ];
    expect(problemsOf({ ...machine, networks })).toEqual([
      "networks.out.members: no flow between agent and page",
      "networks.out.members: proxy with page and agent",
    ]);
  });

  test("is no client on such a network", () => {
    const definition = withNetworks(internal("log", 6, "because", ["proxy", "collector"]));
    const flows = [...machine.flows, flow("proxy", "collector", 1514, "because")];
    expect(problemsOf({ ...definition, flows })).toEqual(["networks.log.members: proxy with collector"]);
  });

  test("has a list for every client, and none for others", () => {
    const allowed = [allow("page", ["example.org"], "because"), allow("store", ["example.org"], "because")];
    expect(problemsOf({ ...machine, allowed })).toEqual([
      "allowed.store: an allowance without a flow",
      "allowed.agent: nothing, and a flow to a proxy",
    ]);
    expect(problemsOf({ ...machine, allowed: [...machine.allowed, allow("ghost", ["example.org"], "x")] })).toEqual([
      "allowed.ghost: an allowance without a flow",
    ]);
  });

  test.each([
    "Example.org",
    "example",
    "example.org.",
    "https://example.org",
    "example.org:443",
    "192.0.2.1",
    "*.example.org",
    ".org",
    "-a.example.org",
    "a_b.example.org",
    "",
    `${"a".repeat(64)}.example.org`,
    `${"a.".repeat(124)}example`,
  ])("allows no such name: %j", (host) => {
    expect(problemsOf({ ...machine, allowed: [allow("page", [host], "x"), allow("agent", ["*"], "x")] })).toEqual([
      `allowed.page: ${JSON.stringify(host)}`,
    ]);
  });

  test("is told every name once", () => {
    const allowed = [
      allow("page", ["example.org", "a.example.net"], "x"),
      allow("page", [".example.net", "example.org", "example.net", "notexample.net"], "x"),
      allow("agent", ["*", ".example.org"], "x"),
    ];
    expect(problemsOf({ ...machine, allowed })).toEqual([
      "allowed.page: a.example.net, which .example.net allows already",
      "allowed.page: example.org, which example.org allows already",
      "allowed.page: example.net, which .example.net allows already",
      "allowed.agent: .example.org, which * allows already",
    ]);
    expect(problemsOf({ ...machine, allowed: [allow("page", [], "x"), allow("agent", ["*"], "x")] })).toEqual([
      "allowed.page: no name",
    ]);
  });
});

describe("settings", () => {
  test.each([
    ["127.0.0.53", "127.0.0.53, a loopback address: in a container that is the container itself"],
    ["169.254.169.254", "169.254.169.254, a link-local address, where the metadata service is: nothing reaches it"],
    ["168.63.129.16", "168.63.129.16, an address of the metadata service, which nothing reaches"],
    ["10.77.3.1", "10.77.3.1, an address in the estate's own block 10.77.0.0/16"],
    ["0.0.0.0", "0.0.0.0, an address of range unspecified"],
  ])("send nobody to %s for names", (address, found) => {
    expect(problemsOf(machine, { resolvers: ["9.9.9.9", address] })).toEqual([`garrison:resolvers: ${found}`]);
  });

  test.each(["9.9.9.9", "192.168.1.1", "10.78.0.1", "203.0.113.53"])("may name %s", (address) => {
    expect(problemsOf(machine, { resolvers: [address] })).toEqual([]);
  });

  test.each([
    ["10.0.0.0/8", true],
    ["10.77.12.0/24", true],
    ["10.77.0.0/16", true],
    ["0.0.0.0/0", true],
    ["10.76.0.0/16", false],
    ["10.78.0.0/16", false],
    ["192.168.1.0/24", false],
  ])("keep clear of %s around the machine: %s", (block, overlaps) => {
    const found = `garrison:network: 10.77.0.0/16, which overlaps ${block} of garrison:lan`;
    expect(problemsOf(machine, { lan: [block] })).toEqual(overlaps ? [found] : []);
  });

  const bridge = "172.17.0.0/16 of Docker's own bridge";

  test.each(["172.17.0.0/16", "172.17.16.0/20", "172.16.0.0/16"])(
    "keep the containers' block %s clear of Docker's own bridge",
    (network) => {
      const clash = network !== "172.16.0.0/16";
      const found = `garrison:network: ${network}, which overlaps ${bridge}`;
      expect(problemsOf(machine, { network })).toEqual(clash ? [found] : []);
      const moved = { ...settings.docker, bridge: "10.200.0.0/24" };
      expect(problemsOf(machine, { network, docker: moved })).toEqual([]);
    },
  );

  test.each([
    [{ lan: ["172.16.0.0/12"] }, `garrison:lan: 172.16.0.0/12, which overlaps ${bridge}`],
    [{ lan: ["172.17.4.0/24"] }, `garrison:lan: 172.17.4.0/24, which overlaps ${bridge}`],
    [{ lan: ["127.0.0.0/8"] }, "garrison:lan: 127.0.0.0/8, with loopback addresses"],
    [
      { resolvers: ["172.17.0.1"] },
      "garrison:resolvers: 172.17.0.1, an address of Docker's own bridge, which is the host itself",
    ],
    [
      { publish: { address: "10.77.0.1" } },
      "garrison:publish.address: 10.77.0.1, which is in 10.77.0.0/16, the containers' own block",
    ],
    [
      { docker: { ...settings.docker, bridge: "10.77.8.0/24" } },
      "garrison:network: 10.77.0.0/16, which overlaps 10.77.8.0/24 of Docker's own bridge",
    ],
  ])("%j leads to the wrong place", (changes, found) => {
    expect(problemsOf(machine, changes)).toEqual([found]);
  });

  test.each([{ lan: ["172.18.0.0/16"] }, { resolvers: ["172.16.0.1"] }, { publish: { address: "172.17.0.1" } }])(
    "%j does not",
    (changes) => {
      expect(problemsOf(machine, changes)).toEqual([]);
    },
  );

  test("publish to neighbours, not to the internet", () => {
    expect(problemsOf(machine, { publish: { address: "8.8.8.8" } })).toEqual([
      "garrison:publish.address: 8.8.8.8, a public address",
    ]);
    expect(problemsOf(machine, { publish: { address: "192.168.1.5" } })).toEqual([]);
  });
});

test("order does not matter", () => {
  const wrong = {
    ...withFlows(flow("page", "lonely", 1, "x"), flow("store", "lan", 22, "x")),
    networks: [...machine.networks, internal("more", 6, "because", ["store", "collector"])],
  };
  const before = problemsOf(wrong).sort();
  expect(before).toHaveLength(4);
  const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
    fc.shuffledSubarray([...items], { minLength: items.length });
  fc.assert(
    fc.property(
      shuffled(wrong.services),
      shuffled(wrong.flows),
      shuffled(wrong.networks),
      (services, flows, networks) => {
        expect(problemsOf({ ...wrong, services, flows, networks }).sort()).toEqual(before);
      },
    ),
  );
});
