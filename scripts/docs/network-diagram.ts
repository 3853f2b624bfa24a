import { PLACES, formatPort } from "#components/network/flow.ts";
import { otherMachines } from "#components/network/reachability.ts";
import type { Reachability } from "#components/network/reachability.ts";

/** Places and other machines that some flow begins or ends at; the others would float about. */
function placesIn({ estate }: Reachability): string[] {
  const places = PLACES.filter((place) => estate.flows.some(({ from, to }) => from === place || to === place));
  return [...places, ...otherMachines(estate)];
}

/**
 * The flows as a Mermaid flowchart: containers that lead out are marked, places outside are round, and an arrow begins
 * where the connection does. Clients of a proxy are drawn with thin lines, which would otherwise be most of the picture.
 */
export function networkDiagram(reach: Reachability): string {
  const { services, flows, networks } = reach.estate;
  const outward = new Set(
    networks.filter(({ internal }) => !internal).flatMap(({ addresses }) => Object.keys(addresses)),
  );
  const connected = services.filter(({ name }) => networks.some(({ addresses }) => name in addresses));
  const lonely = services.filter((service) => !connected.includes(service));
  const proxies = new Set(services.filter(({ proxy }) => proxy === true).map(({ name }) => name));
  return [
    "flowchart LR",
    "  subgraph machine [containers of the machine]",
    ...connected.map(({ name }) => `    ${id(name)}["${name}"]`),
    ...(lonely.length === 0
      ? []
      : [
          "    subgraph none [on no network at all]",
          ...lonely.map(({ name }) => `      ${id(name)}["${name}"]`),
          "    end",
        ]),
    "  end",
    ...placesIn(reach).map((place) => `  ${id(place)}(["${place}"])`),
    ...flows.map(({ from, to, ports }) => {
      const arrow = proxies.has(to) ? "-.->" : "-->";
      return `  ${id(from)} ${arrow}|"${ports.map(formatPort).join(", ")}"| ${id(to)}`;
    }),
    "  classDef out stroke-width:3px",
    ...(outward.size === 0 ? [] : [`  class ${[...outward].map(id).join(",")} out`]),
  ].join("\n");
}

/** Mermaid takes words such as `end`, hyphens and colons for its own. */
function id(name: string): string {
  return `n_${name.replaceAll(/[-:]/g, "_")}`;
}
