import { on, staged } from "#lib/agent-examples.ts";
import { isWithin } from "#lib/addresses.ts";
import { machine } from "#lib/azure-examples.ts";
import { azure } from "#lib/azure-types.ts";
import { declarationsOf } from "#lib/declarations.ts";
import { agentsOf, graphOf } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import { show } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

/** Where every large cloud answers questions about a machine, and hands out the tokens of its identity. */
const METADATA = "169.254.169.254";

const identity = { identity: { type: "SystemAssigned" } };

export const rule: Rule = {
  id: "agent.metadata",
  title: "On a machine with a managed identity, nothing that works for an agent reaches the metadata service.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI03", "NSA/CISA Kubernetes hardening"],
  why: "Whoever can ask the metadata service gets the machine's identity, with all of its rights in the cloud.",
  fix: `Drop what containers send to ${METADATA} on the host and declare it in \`blocked\`, or take the identity away.`,
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack, { settings }) => {
    const [holder] = stack.ofType(azure.machine).filter(hasIdentity);
    if (holder === undefined || isBlocked(stack)) return [];
    const graph = graphOf(stack);
    const judged = new Set([
      ...agentsOf(stack, settings),
      ...["gateway", "egress-proxy", "model-gateway"].flatMap((role) => graph.withRole(role)),
    ]);
    return [...judged].flatMap((program: Program) =>
      graph
        .waysOut(program)
        .filter(({ property }) => !property.startsWith("ports."))
        .map(({ property, found }) => ({
          urn: program.resource.urn,
          property,
          found: `${found}, on the machine ${show(holder.name)}, which has an identity`,
          expected: `a declared block of ${METADATA}`,
        })),
    );
  },
  examples: {
    good: [
      staged("agent-metadata-g1", "An identity, and a firewall", ({ program, network, name, declares }) => [
        machine(name("machine"), identity),
        network("open", { internal: false }),
        program("egress-proxy", ["open"]),
        declares({ blocked: ["169.254.0.0/16"] }),
      ]),
    ],
    bad: [
      staged("agent-metadata-b1", "An identity, and a way out", ({ program, network, name }) => [
        machine(name("machine"), identity),
        network("open", { internal: false }),
        program("egress-proxy", ["open"]),
      ]),
      staged("agent-metadata-b2", "An agent with a way out", ({ agent, network, name }) => [
        machine(name("machine"), { identity: { type: "SystemAssigned, UserAssigned" } }),
        network("open", { internal: false }),
        agent(on([name("open")])),
      ]),
    ],
  },
};

function hasIdentity({ properties }: Resource): boolean {
  return /assigned/i.test(properties.object("identity").text("type") ?? "");
}

function isBlocked(stack: Stack): boolean {
  const firewalls = stack
    .ofType(type.hostFirewall)
    .flatMap(({ properties }) => properties.texts("closed").map(({ value }) => value));
  return [...firewalls, ...declarationsOf(stack).texts("blocked")].some((block) => isWithin(METADATA, [block]));
}
