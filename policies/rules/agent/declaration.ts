import { staged } from "#lib/agent-examples.ts";
import { declarationsOf, DECLARATIONS } from "#lib/declarations.ts";
import { declarationsSchema, ROLES, TRUST } from "#lib/declarations-schema.ts";
import { agentsOf, graphOf } from "#lib/graph.ts";
import { configurationFlaws } from "#lib/gateway-configuration.ts";
import { roleLabelOf, trustLabelOf } from "#lib/labels.ts";
import { show } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { schemaProblems } from "#lib/schema-problems.ts";
import { spokenFor } from "#lib/scope.ts";
import type { Settings } from "#lib/settings.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "agent.declaration",
  title: "What a program declares about its agents is complete and readable.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "A misspelt role or a missing one turns every rule about agents off, without a word.",
  fix: "Correct the value as declarations.schema.json of this package describes it, or declare which containers are agents.",
  waivable: "never",
  types: [type.container],
  check: labels,
  checkStack: (stack, { settings }) => [
    ...declared(stack),
    ...unknownPrograms(stack),
    ...configurationFlaws(stack),
    ...missing(stack, settings),
  ],
  examples: {
    good: [
      staged("agent-declaration-g1", "Roles by label and by declaration", ({ agent, program, declares }) => [
        agent(),
        program("other", []),
        declares({ requireDeclaration: true }, { other: { role: "approver", trust: ["acts"] } }),
      ]),
    ],
    bad: [
      staged("agent-declaration-b1", "A role that does not exist", ({ program }) => [program("agnet", [])]),
      staged("agent-declaration-b2", "A trust that does not exist", ({ agent }) => [
        agent({}, "agent", { "garrison.trust": "everything" }),
      ]),
      staged("agent-declaration-b3", "A misspelt property", ({ agent, declares }) => [
        agent(),
        declares({}, { agent: { rolle: "agent" } }),
      ]),
      staged("agent-declaration-b4", "A value of the wrong type", ({ agent, declares }) => [
        agent(),
        declares({ bridges: [{ from: "host", to: "gateway", key: { name: "bridge", bytes: "many" } }] }),
      ]),
      staged("agent-declaration-b5", "A container that does not exist", ({ agent, declares }) => [
        agent(),
        declares({}, { gone: { role: "gateway" } }),
      ]),
      staged("agent-declaration-b6", "No agent where one is asked for", ({ program, declares, name }) => [
        declares({ requireDeclaration: true }),
        { ...program("guard", []), parent: name("declarations") },
      ]),
    ],
  },
};

function labels(resource: Resource): Finding[] {
  const role = roleLabelOf(resource);
  const wrong = [
    ...(role === undefined || ROLES.some((known) => known === role) ? [] : [role]),
    ...trustLabelOf(resource).filter((word) => !TRUST.some((known) => known === word)),
  ];
  return wrong.map((word) => ({
    property: "labels",
    found: show(word),
    expected: `of roles ${ROLES.join(", ")}; of trust ${TRUST.join(", ")}`,
  }));
}

function declared({ resources }: Stack): Finding[] {
  return resources.flatMap(({ urn, properties }) =>
    schemaProblems(properties, DECLARATIONS, declarationsSchema).map((problem) => ({ urn, ...problem })),
  );
}

/** A declaration of a container by a name that no container has protects nothing. */
function unknownPrograms(stack: Stack): Finding[] {
  const containers = stack.ofType(type.container);
  if (containers.some(({ properties }) => properties.isUnknown("name"))) return [];
  const names = new Set(graphOf(stack).programs.map(({ name }) => name));
  return [...declarationsOf(stack).programs]
    .filter(([name]) => !names.has(name))
    .flatMap(([name, entries]) =>
      entries.map(({ component }) => ({
        urn: component.urn,
        property: `${DECLARATIONS}.programs`,
        found: show(name),
        expected: "the name of a container",
      })),
    );
}

/** Asked for by the settings of the whole program, by a component of its own containers. */
function missing(stack: Stack, settings: Settings): Finding[] {
  const containers = stack.ofType(type.container);
  const agents = new Set(agentsOf(stack, settings).map(({ resource }) => resource));
  const lacks = (asked: readonly Resource[]) => asked.length > 0 && !asked.some((container) => agents.has(container));
  const [first] = containers;
  const byComponents = declarationsOf(stack)
    .all.filter(({ properties }) => properties.flag("requireDeclaration") === true)
    .filter(({ component }) => lacks(spokenFor(component, stack, type.container)))
    .map(({ component }) => ({ urn: component.urn, property: `${DECLARATIONS}.requireDeclaration` }));
  const bySettings =
    settings.requireDeclaration && first && lacks(containers) ? [{ urn: first.urn, property: "labels" }] : [];
  return [...byComponents, ...bySettings].map((place) => ({
    ...place,
    found: "asked for, and no agent is declared",
    expected: "an agent, by the label garrison.role, by the settings of the pack or by declaration",
  }));
}
