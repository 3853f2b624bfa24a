import type { Properties } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Context, Example, Finding, Rule } from "#lib/rule.ts";
import { dayOf } from "#lib/settings.ts";

const ROTATING = "garrison:secrets:RotatingSecret";
const DEFAULT_DAYS = 365;
/** Names under which a program may write down the day. */
const NAMES = ["rotated", "rotatedAt"] as const;
const DAY = 86_400_000;

export const rule: Rule = {
  id: "secret.rotation-overdue",
  title: "Secrets are rotated by the day that their program declares.",
  severity: "low",
  level: "advisory",
  references: ["OWASP ASI03"],
  why: "The longer a secret lives, the more copies of it there are, and the less anybody dares to change it.",
  fix: "Rotate it and write down the new day; a date that nobody keeps is worse than none.",
  waivable: "by-configuration",
  types: [],
  settings: {
    maximumAge: {
      type: "integer",
      description: "Days after which a secret is overdue, where its program names none. Default: 365.",
    },
  },
  checkStack: ({ resources }, context) => resources.flatMap((resource) => overdue(resource, context)),
  examples: {
    good: [
      example("Rotated in time", { rotated: "2026-05-01", rotateEvery: 90 }),
      example("Without a day there is nothing to be late for", { generation: 1 }),
      {
        title: "Another program's password with a day in its keepers",
        resources: [
          {
            type: "random:index/randomPassword:RandomPassword",
            name: "example",
            properties: { length: 40, keepers: { rotatedAt: "2026-01-15" } },
          },
        ],
        settings: { asOf: "2026-06-30" },
      },
    ],
    bad: [
      example("Past its day", { rotated: "2026-01-01", rotateEvery: 90 }),
      example("A year is the default", { rotated: "2025-06-01" }),
      example("A day that is none", { rotated: "last spring" }),
      example("A day that is still to come", { rotated: "2027-01-01" }),
    ],
  },
};

function overdue(resource: Resource, context: Context): Finding[] {
  const place = declaredIn(resource);
  const name = NAMES.find((one) => place?.text(one) !== undefined);
  if (place === undefined || name === undefined) return [];
  const rotatedAt = place.text(name) ?? "";
  const property = place.path(name);
  const finding = (found: string, expected: string): Finding[] => [{ urn: resource.urn, property, found, expected }];
  const rotated = dayNumber(rotatedAt);
  if (rotated === undefined) return finding("not a day", "YYYY-MM-DD");
  const today = dayNumber(dayOf(context.settings)) ?? 0;
  if (rotated > today) return finding(`${rotatedAt}, which is still to come`, "the day of the last rotation");
  const period = place.number("rotateEvery") ?? numberOf(context.config.maximumAge) ?? DEFAULT_DAYS;
  const late = today - rotated - period;
  if (late <= 0) return [];
  return finding(
    `${rotatedAt}, overdue by ${String(late)} day${late === 1 ? "" : "s"}`,
    `a rotation every ${String(period)} days`,
  );
}

/** Our component's outputs, or the keepers of a random resource. */
function declaredIn({ type, properties }: Resource): Properties | undefined {
  if (type === ROTATING) return properties;
  return type.startsWith("random:index/") ? properties.object("keepers") : undefined;
}

function dayNumber(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const time = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : time / DAY;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function example(title: string, properties: Readonly<Record<string, unknown>>): Example {
  return { title, resources: [{ type: ROTATING, name: "example", properties }], settings: { asOf: "2026-06-30" } };
}
