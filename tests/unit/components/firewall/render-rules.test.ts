import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLOSED_BLOCKS } from "#components/firewall/closed-blocks.ts";
import { renderRules } from "#components/firewall/render-rules.ts";
import { flow } from "#components/network/flow.ts";
import type { Flow } from "#components/network/flow.ts";
import type { PlannedNetwork } from "#components/network/plan-networks.ts";

function network(number: number, internal: boolean, addresses: Record<string, string>): PlannedNetwork {
  const subnet = `10.77.${String(number)}.0/26`;
  const gateway = `10.77.${String(number)}.1`;
  const bridge = `office-0${String(number)}`;
  return { name: `n${String(number)}`, why: "because", internal, subnet, gateway, bridge, addresses };
}

const networks = [
  network(1, true, { page: "10.77.1.2", database: "10.77.1.3" }),
  network(2, true, { page: "10.77.2.2", database: "10.77.2.3" }),
  network(3, false, { page: "10.77.3.2" }),
];

const resolvers = ["9.9.9.9", "149.112.112.112"];

/** The elements of each set of the rules. */
function setsOf(flows: readonly Flow[], publishAddress = "127.0.0.1"): Record<string, string[]> {
  const machines = { models: { address: "10.66.2.4" } };
  const text = renderRules({ estate: "office", networks, flows, resolvers, publishAddress, machines });
  return Object.fromEntries(
    [...text.matchAll(/^ {2}set ([\w-]+) \{ type [^;]+; (?:flags interval; )?(?:elements = \{([^}]*)\} )?\}/gm)].map(
      ([, name = "", list = ""]) => [
        name,
        list
          .split(",")
          .map((element) => element.trim())
          .filter((element) => element !== ""),
      ],
    ),
  );
}

const nothing = {
  between: [],
  "from-host": [],
  "from-account": [],
  "to-resolver": [],
  "to-internet": [],
  "to-host": [],
  "to-machine": [],
  published: [],
  taken: [],
  "from-machine": [],
};

describe("the rules of an estate", () => {
  test("let nothing pass where nothing is wanted", () => {
    expect(setsOf([])).toEqual({
      ...nothing,
      bridges: ['"office-01"', '"office-02"', '"office-03"'],
      closed: Object.keys(CLOSED_BLOCKS).sort(),
    });
  });

  test.each([
    [
      "between services: on every network they share, one way, on these ports",
      flow("page", "database", [5432, "53/udp"], "because"),
      {
        between: [
          '"office-01" . 10.77.1.2 . 10.77.1.3 . tcp . 5432',
          '"office-01" . 10.77.1.2 . 10.77.1.3 . udp . 53',
          '"office-02" . 10.77.2.2 . 10.77.2.3 . tcp . 5432',
          '"office-02" . 10.77.2.2 . 10.77.2.3 . udp . 53',
        ],
      },
    ],
    [
      "to the internet: from a network that leads out only",
      flow("page", "internet", 443, "because"),
      { "to-internet": ['"office-03" . 10.77.3.2 . tcp . 443'] },
    ],
    ["not to the internet from a service without such a network", flow("database", "internet", 443, "because"), {}],
    [
      "to the resolvers: to each of them, and to nothing else",
      flow("page", "resolver", "53/udp", "because"),
      {
        "to-resolver": [
          '"office-03" . 10.77.3.2 . 149.112.112.112 . udp . 53',
          '"office-03" . 10.77.3.2 . 9.9.9.9 . udp . 53',
        ],
      },
    ],
    [
      "to another machine: to its address alone",
      flow("page", "machine:models", 8000, "because"),
      { "to-machine": ['"office-03" . 10.77.3.2 . 10.66.2.4 . tcp . 8000'] },
    ],
    ["not to another machine whose address nobody knows", flow("page", "machine:lost", 8000, "because"), {}],
    [
      "to the host, at its address of the network that carries it",
      flow("database", "host", 9100, "because"),
      {
        "to-host": [
          '"office-01" . 10.77.1.3 . 10.77.1.1 . tcp . 9100',
          '"office-02" . 10.77.2.3 . 10.77.2.1 . tcp . 9100',
        ],
      },
    ],
    [
      "from any account of the host",
      flow("host", "page", 8080, "because"),
      {
        "from-host": [
          '"office-01" . 10.77.1.2 . tcp . 8080',
          '"office-02" . 10.77.2.2 . tcp . 8080',
          '"office-03" . 10.77.3.2 . tcp . 8080',
        ],
      },
    ],
    [
      "from one account of the host, on one network",
      { ...flow("host", "page", [8080, "53/udp"], "because"), account: 33, network: "n2" },
      {
        "from-account": ['"office-02" . 10.77.2.2 . tcp . 8080 . 33', '"office-02" . 10.77.2.2 . udp . 53 . 33'],
      },
    ],
    ["from the LAN not, where ports are published on loopback", flow("lan", "page", 8080, "because"), {}],
  ] as const)("let pass %s", (_, wanted, expected) => {
    expect(setsOf([wanted])).toMatchObject({ ...nothing, ...expected });
  });

  test("let the LAN in by published ports where they are published on an address of the LAN", () => {
    const published = ['"office-03" . 10.77.3.2 . tcp . 8080'];
    const taken = ["192.168.1.5 . tcp . 8080"];
    expect(setsOf([flow("lan", "page", 8080, "because")], "192.168.1.5")).toMatchObject({
      ...nothing,
      published,
      taken,
    });
  });

  test("let another machine in by published ports, from its own address, and nobody who has none", () => {
    const wanted = [flow("machine:models", "page", 8080, "because"), flow("machine:lost", "page", 8081, "because")];
    const from = ['"office-03" . 10.77.3.2 . 10.66.2.4 . tcp . 8080'];
    const taken = ["192.168.1.5 . tcp . 8080", "192.168.1.5 . tcp . 8081"];
    expect(setsOf(wanted, "192.168.1.5")).toEqual({ ...setsOf([]), taken, "from-machine": from });
    expect(setsOf(wanted)).toEqual(setsOf([]));
  });

  test("are the same in whatever order networks and flows are declared", () => {
    const flows = [
      flow("page", "database", [5432, 5433], "because"),
      flow("page", "internet", 443, "because"),
      flow("page", "resolver", 53, "because"),
    ];
    const base = { estate: "office", resolvers, publishAddress: "127.0.0.1" };
    const all = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
    fc.assert(
      fc.property(all(networks), all(flows), (someNetworks, someFlows) => {
        const shuffled = renderRules({ ...base, networks: someNetworks, flows: someFlows });
        expect(shuffled).toBe(renderRules({ ...base, networks, flows }));
      }),
    );
  });

  test("replace the estate's own table and name no other", () => {
    const text = renderRules({ estate: "office", networks, flows: [], resolvers, publishAddress: "127.0.0.1" });
    expect([...text.matchAll(/^(?:delete )?table (.*?)(?: \{)?$/gm)].map(([, name]) => name)).toEqual([
      "inet garrison-office",
      "inet garrison-office",
      "inet garrison-office",
    ]);
    expect(text).not.toMatch(/flush|iptables|DOCKER/);
  });
});
