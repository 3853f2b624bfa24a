import fc from "fast-check";
import { expect, test } from "vitest";
import { machineAddress, networkProblems, planAzureNetwork } from "#components/azure/plan-network.ts";
import type { AzureNetworkSpec, AzureOpening, PlannedRule } from "#components/azure/plan-network.ts";
import { overlapping } from "#components/network/address-set.ts";
import { formatBlock, parseBlock, subnet } from "#components/network/address.ts";

const block = "10.88.0.0/16";
const opening = (name: string, changes: Partial<AzureOpening> = {}): AzureOpening => ({
  name,
  from: ["203.0.113.8/29"],
  ports: [443],
  who: "visitors",
  why: "the site",
  ...changes,
});
const aNetwork = (changes: Partial<AzureNetworkSpec> = {}): AzureNetworkSpec => ({
  block,
  subnets: [
    { name: "web", block: "10.88.0.64/26", openings: [opening("web")] },
    { name: "gpu", block: "10.88.0.128/26", openings: [], nat: true },
  ],
  ...changes,
});
const found = (spec: AzureNetworkSpec, ...rest: [Parameters<typeof networkProblems>[1]?]) =>
  networkProblems(spec, ...rest).map(({ property, found: what }) => `${property}: ${what}`);

/** What Azure does with a packet: the first rule by priority that matches, or else its own, which trust the network. */
function isLetIn(rules: readonly PlannedRule[], source: string, port: number): boolean {
  const first = [...rules]
    .sort((a, b) => a.priority - b.priority)
    .find(
      ({ sources, everyone, ports }) =>
        (ports.includes("*") || ports.includes(String(port))) &&
        (everyone !== undefined || sources.some((one) => overlapping(one, source))),
    );
  return first === undefined ? overlapping(block, source) : first.access === "Allow";
}

const senders = fc
  .integer({ min: 0, max: 15 })
  .map((index) => formatBlock(subnet(parseBlock("203.0.113.0/24"), 28, index)));
const openings = fc.uniqueArray(
  fc.record({
    port: fc.integer({ min: 1, max: 65_535 }),
    from: fc.uniqueArray(senders, { minLength: 1, maxLength: 4 }),
  }),
  { maxLength: 12, selector: ({ port }) => port },
);

test("a packet is let in where an opening says so, and nowhere else", () => {
  fc.assert(
    fc.property(openings, senders, fc.integer({ min: 1, max: 65_535 }), (wanted, sender, other) => {
      const spec = aNetwork({
        subnets: [
          {
            name: "web",
            block: "10.88.0.64/26",
            openings: wanted.map(({ port, from }) => opening(`p${String(port)}`, { ports: [port], from: from })),
          },
        ],
      });
      const rules = planAzureNetwork(spec).subnets[0]?.rules ?? [];
      expect(new Set(rules.map(({ priority }) => priority)).size).toBe(rules.length);
      const source = sender.split("/")[0] ?? "";
      for (const port of [...wanted.map((one) => one.port), other]) {
        const said = wanted.some((one) => one.port === port && one.from.includes(sender));
        expect(isLetIn(rules, source, port)).toBe(said);
      }
    }),
  );
});

test("nothing is let in by nobody's opening: not even from the network itself", () => {
  const [web] = planAzureNetwork(aNetwork()).subnets;
  expect(isLetIn(web?.rules ?? [], "10.88.0.132", 443)).toBe(false);
  expect(isLetIn(web?.rules ?? [], "203.0.113.9", 443)).toBe(true);
});

test("subnets that overlap, lie outside or are too small are told together", () => {
  const subnets = [
    { name: "one", block: "10.88.0.0/24", openings: [] },
    { name: "two", block: "10.88.0.128/25", openings: [] },
    { name: "out", block: "10.89.0.0/24", openings: [] },
    { name: "tiny", block: "10.88.1.0/30", openings: [] },
    { name: "one", block: "10.88.2.1/24", openings: [] },
  ];
  expect(found(aNetwork({ subnets, neighbours: { office: "10.88.128.0/17" } }))).toEqual([
    "block: 10.88.0.0/16",
    "subnets.two.block: 10.88.0.128/25",
    "subnets.out.block: 10.89.0.0/24",
    "subnets.tiny.block: 10.88.1.0/30",
    "subnets.one: the name twice",
    "subnets.one.block: 10.88.2.1/24",
  ]);
});

test.each<[string, Partial<AzureOpening>, string]>([
  ["ssh for everybody", { ports: [22], from: ["Internet"] }, ".from: everybody on the port of ssh"],
  ["ssh for everybody, in numbers", { ports: [22], from: ["0.0.0.0/0"] }, ".from: everybody on the port of ssh"],
  ["nobody", { from: [] }, ".from: nobody"],
  ["no block", { from: ["203.0.113.9/24"] }, ".from: 203.0.113.9/24"],
  ["the internet and more", { from: ["Internet", "203.0.113.9"] }, ".from: Internet, 203.0.113.9"],
  ["no port", { ports: [] }, ".ports: none"],
  ["a port too many", { ports: [65_536] }, ".ports: 65536"],
  ["no reason", { why: " " }, ': who "visitors", why " "'],
  ["a reason that Azure has no room for", { why: "x".repeat(140) }, ": 150 characters of who and why"],
])("%s is refused", (_, changes, problem) => {
  const subnets = [{ name: "web", block: "10.88.0.64/26", openings: [opening("web", changes)] }];
  expect(found(aNetwork({ subnets }))).toEqual([`subnets.web.openings.web${problem}`]);
});

test("a network that locks out who must get in is refused, with who and where", () => {
  const way = { subnet: "web", port: 22, from: ["203.0.113.10", "198.51.100.0/24"], who: "operators" };
  const ssh = opening("ssh", { ports: [22], from: ["203.0.113.8/29"] });
  const subnets = [{ name: "web", block: "10.88.0.64/26", openings: [ssh] }];
  expect(found(aNetwork({ subnets }), [way])).toEqual(["subnets.web.openings: port 22 closed to 198.51.100.0/24"]);
  const udp = [
    { ...subnets[0], name: "web", block: "10.88.0.64/26", openings: [{ ...ssh, protocol: "udp" as const }] },
  ];
  expect(found(aNetwork({ subnets: udp }), [way])).toHaveLength(2);
  expect(found(aNetwork({ subnets: [] }), [way])).toEqual(["subnets.web: no such subnet"]);
});

test("the first four addresses of a subnet are Azure's", () => {
  expect(machineAddress("10.88.0.64/26")).toBe("10.88.0.68");
});
