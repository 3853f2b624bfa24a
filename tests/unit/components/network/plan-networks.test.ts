import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NetworkRequest } from "#components/machine/machine-definition.ts";
import { parseBlock } from "#components/network/address.ts";
import { planNetworks } from "#components/network/plan-networks.ts";
import type { Member, PlannedNetwork } from "#components/network/plan-networks.ts";

const BLOCK = "10.77.0.0/16";

interface Wanted {
  readonly requests: readonly NetworkRequest[];
  readonly members: readonly Member[];
  readonly prefix: number;
}

/** Most services on a subnet of each size, and most networks in the block. */
const SIZES = [
  { prefix: 22, services: 1020, networks: 63 },
  { prefix: 24, services: 252, networks: 255 },
  { prefix: 26, services: 60, networks: 1023 },
  { prefix: 29, services: 4, networks: 8191 },
];

/** Machines without a mistake: unique names and numbers, members that exist. */
const wanted: fc.Arbitrary<Wanted> = fc.constantFrom(...SIZES).chain(({ prefix, ...most }) =>
  fc.uniqueArray(fc.integer({ min: 1, max: most.services }), { minLength: 1, maxLength: 20 }).chain((numbers) => {
    const members = numbers.map((number) => ({ name: `s${String(number)}`, number }));
    const request = (number: number): fc.Arbitrary<NetworkRequest> =>
      fc.record({
        name: fc.constant(`n${String(number)}`),
        number: fc.constant(number),
        why: fc.constant("because"),
        members: fc.subarray(
          members.map(({ name }) => name),
          { minLength: 1 },
        ),
        egress: fc.boolean(),
      });
    const requests = fc
      .uniqueArray(fc.integer({ min: 1, max: most.networks }), { maxLength: 30 })
      .chain((chosen) => fc.tuple(...chosen.map(request)));
    return fc.record({ members: fc.constant(members), requests, prefix: fc.constant(prefix) });
  }),
);

/** The smallest number that nobody has. */
function firstFree(largest: number, taken: readonly { readonly number: number }[]): number {
  const all = Array.from({ length: largest }, (_, index) => index + 1);
  return all.find((one) => !taken.some(({ number }) => number === one)) ?? 0;
}

function plan({ requests, members, prefix }: Wanted): Map<string, PlannedNetwork> {
  const { networks, problems } = planNetworks(requests, members, "office", BLOCK, prefix);
  expect(problems).toEqual([]);
  return new Map(networks.map((network) => [network.name, network]));
}

describe("every machine without a mistake", () => {
  test("has disjoint subnets inside its block, and addresses inside their subnets, each once", () => {
    fc.assert(
      fc.property(wanted, (machine) => {
        const networks = [...plan(machine).values()];
        const bases = networks.map(({ subnet }) => parseBlock(subnet).base);
        expect(new Set(bases).size).toBe(networks.length);
        const addresses = networks.flatMap(({ subnet, gateway, addresses }) => {
          const { base, prefix } = parseBlock(subnet);
          expect(prefix).toBe(machine.prefix);
          expect(base % 2 ** (32 - prefix)).toBe(0);
          for (const address of [gateway, ...Object.values(addresses)]) {
            const offset = parseBlock(`${address}/32`).base - base;
            expect(offset).toBeGreaterThan(0);
            expect(offset).toBeLessThan(2 ** (32 - prefix) - 1);
          }
          return [gateway, ...Object.values(addresses)];
        });
        expect(new Set(addresses).size).toBe(addresses.length);
      }),
    );
  });

  test("is the same in whatever order it is declared", () => {
    const shuffled = wanted.chain((machine) =>
      fc.record({
        machine: fc.constant(machine),
        requests: fc.shuffledSubarray([...machine.requests], { minLength: machine.requests.length }),
        members: fc.shuffledSubarray([...machine.members], { minLength: machine.members.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ machine, requests, members }) => {
        expect(plan({ ...machine, requests, members })).toEqual(plan(machine));
      }),
    );
  });

  test("keeps its addresses when a service or a network is added", () => {
    fc.assert(
      fc.property(wanted, fc.boolean(), (machine, first) => {
        const most = SIZES.find(({ prefix }) => prefix === machine.prefix) ?? { services: 0, networks: 0 };
        fc.pre(machine.members.length < most.services);
        const added = { name: "newcomer", number: firstFree(most.services, machine.members) };
        const network: NetworkRequest = {
          name: "new",
          number: firstFree(most.networks, machine.requests),
          why: "because",
          members: ["newcomer"],
        };
        const members = first ? [added, ...machine.members] : [...machine.members, added];
        const requests = first ? [network, ...machine.requests] : [...machine.requests, network];
        const after = plan({ ...machine, members, requests });
        for (const [name, before] of plan(machine)) expect(after.get(name)).toEqual(before);
        expect(after.has("new")).toBe(true);
      }),
    );
  });

  test("names its bridges within the kernel's 15 characters, each once", () => {
    fc.assert(
      fc.property(wanted, ({ requests, members, prefix }) => {
        const { networks } = planNetworks(requests, members, "abcdefgh", BLOCK, prefix);
        expect(networks).toHaveLength(requests.length);
        for (const { bridge } of networks) expect(bridge.length).toBeLessThanOrEqual(15);
        expect(new Set(networks.map(({ bridge }) => bridge)).size).toBe(networks.length);
      }),
    );
  });
});

test("one network, written out", () => {
  const request = { name: "search-cache", number: 5, why: "the search caches", members: ["searxng", "valkey"] };
  const members = [
    { name: "valkey", number: 12 },
    { name: "searxng", number: 11 },
  ];
  expect(
    planNetworks([request, { ...request, name: "egress", number: 6, egress: true }], members, "office", BLOCK),
  ).toEqual({
    problems: [],
    networks: [
      {
        name: "search-cache",
        why: "the search caches",
        internal: true,
        subnet: "10.77.1.64/26",
        gateway: "10.77.1.65",
        bridge: "office-05",
        addresses: { searxng: "10.77.1.76", valkey: "10.77.1.77" },
      },
      expect.objectContaining({ name: "egress", internal: false, subnet: "10.77.1.128/26" }),
    ],
  });
});

test("all mistakes are told at once, and nothing is planned", () => {
  const members = [
    { name: "valkey", number: 12 },
    { name: "valkey", number: 61 },
    { name: "searxng", number: 12 },
    { name: "half", number: 1.5 },
  ];
  const request = (name: string, number: number, who: readonly string[]): NetworkRequest => ({
    name,
    number,
    why: "because",
    members: who,
  });
  const requests = [
    request("cache", 1, ["valkey", "nobody"]),
    request("cache", 2, ["searxng"]),
    request("search", 2, ["searxng", "searxng"]),
    request("empty", 64, []),
    request("zero", 0, ["valkey"]),
  ];
  const { networks, problems } = planNetworks(requests, members, "office", "10.77.0.0/20");
  expect(networks).toEqual([]);
  expect(problems.map(({ property, found }) => `${property}: ${found}`)).toEqual([
    "services: valkey twice (valkey, valkey)",
    "services: 12 twice (valkey, searxng)",
    "networks: cache twice (cache, cache)",
    "networks: 2 twice (cache, search)",
    "networks.cache.members: unknown service nobody",
    "networks.search.members: searxng twice (searxng, searxng)",
    "networks.empty.members: nobody",
    "services.valkey.number: 61",
    "services.half.number: 1.5",
    "networks.empty.number: 64",
    "networks.zero.number: 0",
  ]);
});
