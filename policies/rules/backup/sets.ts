import { scene } from "#lib/agent-examples.ts";
import { declarationsOf } from "#lib/declarations.ts";
import type { Declared } from "#lib/declarations.ts";
import { isDay } from "#lib/days.ts";
import { mountsOf } from "#lib/mounts.ts";
import { nameOf } from "#lib/programs.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { spokenFor } from "#lib/scope.ts";
import { dayOf } from "#lib/settings.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "backup.sets",
  title: "Every volume is in a backup set, and every set has been restored once.",
  severity: "medium",
  level: "mandatory",
  references: ["OWASP ASI08"],
  why: "What is not backed up is gone when an agent deletes it, and a backup that nobody has restored is a hope.",
  fix: "List the volume in a set of `backupSets` and note in `drilled` when a restore was tried, or list it in `stateless`.",
  waivable: "by-label",
  types: [type.volume, type.container],
  checkStack: (stack, { settings }) => {
    const { listed, texts } = declarationsOf(stack);
    const sets = listed("backupSets");
    const covered = new Set([
      ...texts("stateless"),
      ...sets.flatMap(({ properties }) => properties.texts("volumes").map(({ value }) => value)),
    ]);
    const asked = (kind: string) =>
      settings.requireBackups
        ? stack.ofType(kind)
        : [...new Set(sets.flatMap(({ component }) => spokenFor(component, stack, kind)))];
    const declared = new Set(stack.ofType(type.volume).map(nameOf));
    const kept = [
      ...asked(type.volume)
        .filter((volume) => !isInMemory(volume))
        .map((volume) => ({ name: nameOf(volume), resource: volume, property: "name" })),
      ...asked(type.container).flatMap((container) => undeclared(container, declared)),
    ];
    // One that several containers mount is missing once.
    const seen = new Set(covered);
    const missing = kept
      .filter(({ name }) => !seen.has(name) && seen.add(name))
      .map(({ name, resource, property }) => ({
        urn: resource.urn,
        property,
        found: `${show(name)}, in no backup set`,
        expected: "a set in `backupSets`, or an entry in `stateless`",
      }));
    return [...missing, ...sets.flatMap((set) => undrilled(set, dayOf(settings)))];
  },
  examples: {
    good: [
      backed("backup-sets-g1", "In a set that was restored", {
        volumes: ["backup-sets-g1-data"],
        drilled: "2025-06-01",
      }),
      backed("backup-sets-g2", "Nothing worth keeping", { volumes: [], drilled: "2025-06-01" }, [
        "backup-sets-g2-data",
      ]),
      { title: "A program that declares no set", resources: [volume("backup-sets-g3-data")] },
    ],
    bad: [
      backed("backup-sets-b1", "In no set", { volumes: ["other"], drilled: "2025-06-01" }),
      backed("backup-sets-b2", "Never restored", { volumes: ["backup-sets-b2-data"] }),
      backed("backup-sets-b3", "Restored in the future", { volumes: ["backup-sets-b3-data"], drilled: "2999-01-01" }),
      {
        title: "No set where the settings ask for one",
        resources: [volume("backup-sets-b4-data")],
        settings: { requireBackups: true },
      },
    ],
  },
};

/** Named volumes that Docker makes when a container first mounts them. */
function undeclared(container: Resource, declared: ReadonlySet<string>) {
  return mountsOf(container)
    .filter(({ kind, source, readOnly }) => kind === "volume" && !readOnly && !declared.has(source))
    .map(({ source, property }) => ({ name: source, resource: container, property }));
}

function isInMemory({ properties }: Resource): boolean {
  return properties.object("driverOpts").text("type")?.toLowerCase() === "tmpfs";
}

function undrilled({ component, properties }: Declared, today: string): Finding[] {
  const drilled = properties.text("drilled");
  if (isDay(drilled) && drilled <= today) return [];
  const found = `${show(properties.text("name"))}, restored on ${show(drilled)}`;
  return [{ urn: component.urn, property: properties.path("drilled"), found, expected: "the day of the last restore" }];
}

function volume(name: string, parent?: string) {
  return { type: type.volume, name, properties: { name }, ...(parent !== undefined && { parent }) };
}

function backed(
  id: string,
  title: string,
  set: Readonly<Record<string, unknown>>,
  stateless: readonly string[] = [],
): Example {
  const declares = scene(id).declares({ backupSets: [{ name: id, ...set }], stateless });
  return { title, resources: [declares, volume(`${id}-data`, declares.name)] };
}
