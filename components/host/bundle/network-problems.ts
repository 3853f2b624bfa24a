import type { Problem } from "#components/lib/problems.ts";
import { overlapping, rangeOf } from "#components/network/address-set.ts";
import { sshPort } from "./host-spec.ts";
import type { HostSpec } from "./host-spec.ts";

type Named = readonly [name: string, block: string];

/** Blocks that are none, networks that overlap, and ports that are opened twice or for nobody. */
export function networkProblems(spec: HostSpec): Problem[] {
  const { operatorsFrom, deployerFrom, estate } = spec.access;
  const senders: Named[] = [
    ...operatorsFrom.map((block) => ["access.operatorsFrom", block] as const),
    ...deployerFrom.map((block) => ["access.deployerFrom", block] as const),
    ...estate.map((block) => ["access.estate", block] as const),
    ...spec.firewall.open.flatMap(({ port, from }) =>
      from.map((block) => [`firewall.open.${String(port)}.from`, block] as const),
    ),
  ];
  const networks = Object.entries(spec.networks).map(([name, block]) => [`networks.${name}`, block] as const);
  return [...[...senders, ...networks].flatMap(blockProblems), ...overlaps(networks), ...portProblems(spec)];
}

function blockProblems([property, text]: Named): Problem[] {
  return rangeOf(text)?.family !== 4
    ? [
        {
          property,
          found: JSON.stringify(text),
          expected: "an IPv4 address, or a block that starts on its own network address",
        },
      ]
    : [];
}

function overlaps(networks: readonly Named[]): Problem[] {
  return networks.flatMap(([property, block], index) => {
    const other = networks.slice(0, index).find(([, before]) => overlapping(block, before));
    if (other === undefined) return [];
    return [{ property, found: `${block}, which overlaps ${other[1]} of ${other[0]}`, expected: "a block of its own" }];
  });
}

function portProblems(spec: HostSpec): Problem[] {
  return spec.firewall.open.flatMap(({ port, protocol, from, why }, index) => {
    const property = `firewall.open.${String(port)}`;
    const problems: Problem[] = [];
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      problems.push({ property, found: String(port), expected: "1 to 65535" });
    if (from.length === 0)
      problems.push({ property: `${property}.from`, found: "nobody", expected: "the blocks that may connect" });
    if (!/^[^\n]{4,}$/.test(why))
      problems.push({ property: `${property}.why`, found: JSON.stringify(why), expected: "a reason, on one line" });
    if (spec.firewall.open.slice(0, index).some((before) => before.port === port && before.protocol === protocol)) {
      problems.push({ property, found: `${protocol} twice`, expected: "one entry with all blocks" });
    }
    if (port === sshPort(spec) && protocol === "tcp") {
      problems.push({
        property,
        found: "the port of sshd",
        expected: "access.operatorsFrom and access.deployerFrom instead",
      });
    }
    return problems;
  });
}
