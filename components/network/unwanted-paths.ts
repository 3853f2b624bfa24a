import type { Problem } from "../lib/problems.ts";
import type { MachineDefinition, NetworkRequest } from "../machine/machine-definition.ts";
import { flowsByEnds, isMachine } from "./flow.ts";
import type { Flow } from "./flow.ts";

/** As many pairs as a person reads in one line. */
const SHOWN = 5;

/** Networks that let somebody reach somebody whom no flow wants to be reached. */
export function unwantedPaths({ services, flows, networks }: MachineDefinition): Problem[] {
  const known = new Set(services.map(({ name }) => name));
  const byEnds = flowsByEnds(flows);
  const wanted = (one: string, other: string): boolean =>
    byEnds.get(one)?.has(other) === true || byEnds.get(other)?.has(one) === true;
  const outward = new Set(flows.flatMap(outwardEnd));
  return networks
    .filter(({ members }) => members.every((name) => known.has(name)))
    .flatMap((network) => (network.egress === true ? idleOutside(network, outward) : strangers(network, wanted)));
}

/** The service for which a flow needs a network that leads out; published ports need one too. */
export function outwardEnd({ from, to }: Flow): string[] {
  if (from === "lan" || isMachine(from)) return [to];
  return to === "internet" || to === "resolver" || isMachine(to) ? [from] : [];
}

/** Members of an internal network reach each other, so each two of them have to be meant to, in some direction. */
function strangers({ name, members }: NetworkRequest, wanted: (one: string, other: string) => boolean): Problem[] {
  const distinct = [...new Set(members)].sort();
  const property = `networks.${name}.members`;
  const [only] = distinct;
  if (only !== undefined && distinct.length === 1 && !wanted(only, "host")) {
    return [{ property, found: `${only} alone`, expected: "a peer with whom it has a flow, or no such network" }];
  }
  const pairs = distinct.flatMap((one, index) =>
    distinct
      .slice(index + 1)
      .filter((other) => !wanted(one, other))
      .map((other) => `${one} and ${other}`),
  );
  if (pairs.length === 0) return [];
  const more = pairs.length > SHOWN ? `; and ${String(pairs.length - SHOWN)} pairs more` : "";
  return [
    {
      property,
      found: `no flow between ${pairs.slice(0, SHOWN).join("; ")}${more}`,
      expected: "a flow between every two members, in some direction: on an internal network they reach each other",
      fix: "a network of their own for those who talk, in place of this one",
    },
  ];
}

function idleOutside({ name, members }: NetworkRequest, outward: ReadonlySet<string>): Problem[] {
  return [...new Set(members)]
    .filter((member) => !outward.has(member))
    .map((member) => ({
      property: `networks.${name}.members`,
      found: `${member}, which has no flow to the internet, a resolver or another machine and none from the LAN or another machine`,
      expected: "members that need a network which leads out",
    }));
}
