import { container, labels, withContainer } from "#lib/examples.ts";
import { agentsOf } from "#lib/graph.ts";
import { isOurs } from "#lib/labels.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { ExampleResource, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";
import { isSystemCgroup } from "../../../containment/limits.ts";

const EXPECTED = "no parent, or a group that the program prepares with a limit";

export const rule: Rule = {
  id: "container.cgroup-parent",
  title: "A container's parent control group is one of its own, and its limits are known.",
  severity: "medium",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.25", "CIS Docker 1.6.0, 5.29", "OWASP ASI08"],
  why: "In a group of the system, or one that nobody limits, the limits that the container seems to have are not there.",
  fix: "Remove `cgroupParent`, or name a group that a component of the program prepares with a limit.",
  waivable: "by-label",
  types: [type.container],
  check: ({ properties }) => {
    const found = properties.text("cgroupParent");
    if (found === undefined || !isSystemCgroup(found)) return [];
    return [{ property: "cgroupParent", found: show(found), expected: EXPECTED }];
  },
  checkStack: (stack, { settings }) => {
    const prepared = stack.ofType(type.preparedHost);
    const names = new Set(prepared.flatMap(groupsOf));
    if (prepared.some(({ properties }) => properties.isUnknown("cgroups"))) return [];
    const agents = new Set(agentsOf(stack, settings).map(({ resource }) => resource));
    return stack
      .ofType(type.container)
      .flatMap((resource) => [
        ...unprepared(resource, names),
        ...(prepared.length > 0 && agents.has(resource) && isOurs(resource) ? unlimited(resource) : []),
      ]);
  },
  examples: {
    good: [
      withContainer("No parent", {}),
      { title: "A group that is prepared", resources: group("limited", "garrison-demo.slice", "garrison-demo.slice") },
    ],
    bad: [
      ...["/", "system.slice", "/system.slice/ssh.service", "init.scope", "a/../../system.slice"].map((parent) =>
        withContainer(parent, { cgroupParent: parent }),
      ),
      {
        title: "An agent without one, where others have it",
        resources: group("bare", undefined, "garrison-demo.slice"),
      },
      withContainer("A group of which the program shows no limit", { cgroupParent: "batch.slice" }),
      { title: "A group that nobody prepares", resources: group("lost", "other.slice", "garrison-demo.slice") },
    ],
  },
};

function groupsOf({ properties }: Resource): string[] {
  return properties
    .objects("cgroups")
    .flatMap((own) => ((own.number("pids") ?? 0) > 0 ? [own.text("cgroup") ?? ""] : []));
}

function unprepared({ urn, properties }: Resource, names: ReadonlySet<string>): Finding[] {
  const found = properties.text("cgroupParent");
  if (found === undefined || names.has(found) || isSystemCgroup(found)) return [];
  return [{ urn, property: "cgroupParent", found: show(found), expected: EXPECTED }];
}

/** A limit that comes after the start leaves an agent a moment without it. */
function unlimited({ urn, properties }: Resource): Finding[] {
  if ((properties.text("cgroupParent") ?? "") !== "" || properties.isUnknown("cgroupParent")) return [];
  const expected = "for an agent, a group that limits it from its first process on";
  return [{ urn, property: "cgroupParent", found: "not set", expected }];
}

function group(name: string, parent: string | undefined, prepared: string): ExampleResource[] {
  const marks = labels(parent === undefined ? { "garrison.role": "agent", "garrison.estate": "demo" } : {});
  return [
    { type: type.preparedHost, name: `${name}-host`, properties: { cgroups: [{ cgroup: prepared, pids: 64 }] } },
    container({ name, cgroupParent: parent, labels: marks }, name),
  ];
}
