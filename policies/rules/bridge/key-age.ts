import { bridge, staged } from "#lib/agent-examples.ts";
import type { Bridge } from "#lib/bridges.ts";
import { onEachBridge } from "#lib/bridges.ts";
import { daysBetween, isDay } from "#lib/days.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { dayOf } from "#lib/settings.ts";

export const rule: Rule = {
  id: "bridge.key-age",
  title: "The key of a bridge is replaced when its time is over.",
  severity: "medium",
  level: "advisory",
  references: ["OWASP ASI03", "OWASP ASI07"],
  why: "A key that is never replaced is worth the same to a thief years later.",
  fix: "Rotate the key and declare the day in `issued`; declare in `rotationDays` how long it lasts.",
  waivable: "by-configuration",
  types: [],
  checkStack: (stack, { settings }) => onEachBridge(stack, (bridge) => age(bridge, dayOf(settings))),
  examples: {
    good: [issued("bridge-key-age-g1", "In its time", "2026-06-01", 90)],
    bad: [
      issued("bridge-key-age-b1", "Overdue", "2026-01-01", 90),
      issued("bridge-key-age-b2", "Nobody knows from when", undefined, 90),
      issued("bridge-key-age-b3", "For ever", "2026-06-01", undefined),
      issued("bridge-key-age-b4", "From a day that is to come", "2026-12-01", 90),
    ],
  },
};

function age({ properties }: Bridge, today: string): Omit<Finding, "urn">[] {
  const key = properties.object("key");
  const made = key.text("issued");
  const lasts = key.number("rotationDays");
  if (!isDay(made)) return [{ property: key.path("issued"), found: "no day", expected: "the day it was made" }];
  if (lasts === undefined || lasts <= 0)
    return [{ property: key.path("rotationDays"), found: "no time", expected: "the days that it lasts" }];
  const days = daysBetween(made, today);
  if (days >= 0 && days <= lasts) return [];
  const found = days < 0 ? `${made}, which is yet to come` : `${made}, ${String(days)} days ago`;
  return [{ property: key.path("issued"), found, expected: `at most ${String(lasts)} days ago` }];
}

function issued(id: string, title: string, day: string | undefined, rotationDays: number | undefined): Example {
  const key = { ...(day && { issued: day }), ...(rotationDays && { rotationDays }) };
  return {
    ...staged(id, title, ({ declares }) => [declares({ bridges: [bridge(id, {}, key)] })]),
    settings: { asOf: "2026-06-30" },
  };
}
