import { isWaived } from "../container/posture.ts";
import type { Problem } from "../lib/problems.ts";
import type { MachineDefinition } from "../machine/machine-definition.ts";
import { flowName } from "./flow-problems.ts";
import { outwardEnd } from "./unwanted-paths.ts";

/**
 * A way out of one's own is a departure: everybody else goes through the proxy. A published port counts, because it
 * needs a Docker network that leads out.
 */
export function wayOutProblems({ services, flows, networks }: MachineDefinition): Problem[] {
  const waived = new Set(services.filter(({ waivers = [] }) => isWaived(waivers, "network.egress")).map(nameOf));
  const known = new Set(services.map(nameOf));
  const databases = new Set(services.filter(({ database }) => database === true).map(nameOf));
  const outward = new Map(flows.flatMap((flow) => outwardEnd(flow).map((name) => [name, flow] as const)));
  return [
    ...[...outward]
      .filter(([name]) => known.has(name) && !waived.has(name))
      .map(([name, flow]) => ({
        property: flowName(flow),
        found: `a way out of ${name}'s own`,
        expected: "a flow to the egress proxy, or a waiver network.egress on the service",
        fix: `waive("network.egress", { reason: "…", owner: "…", expires: "…" }) among the waivers of ${name}`,
      })),
    ...[...waived]
      .filter((name) => !outward.has(name))
      .map((name) => ({
        property: `services.${name}.waivers.network.egress`,
        found: "a waiver that nothing needs",
        expected:
          "a flow to the internet, a resolver or another machine, or from the LAN or such a machine, or no such waiver",
      })),
    ...networks
      .filter(({ egress }) => egress === true)
      .flatMap(({ name, members }) =>
        members
          .filter((member) => databases.has(member))
          .map((member) => ({
            property: `networks.${name}.members`,
            found: `the database ${member} on a network that leads out`,
            expected: "databases on internal networks only",
          })),
      ),
  ];
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
