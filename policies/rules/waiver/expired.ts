import { container, labels } from "#lib/examples.ts";
import { isDay } from "#lib/days.ts";
import type { Stack } from "#lib/resource.ts";
import type { ExampleResource, Finding, Rule } from "#lib/rule.ts";
import { dayOf } from "#lib/settings.ts";
import { type } from "#lib/types.ts";

const asOf = "2027-01-15";

export const rule: Rule = {
  id: "waiver.expired",
  title: "No waiver is older than its expiry date.",
  severity: "medium",
  // A date must not stop an urgent deployment; the strict configuration makes it mandatory for a scheduled job.
  level: "advisory",
  references: [],
  why: "A waiver was granted for a time, and what was true then may not be true now.",
  fix: "Mend what the waiver covers, or have its owner argue it again with a new date.",
  waivable: "never",
  types: [],
  checkStack: (stack, { settings }) => {
    const today = dayOf(settings);
    const expired = (expires: string | undefined): expires is string => isDay(expires) && expires < today;
    const found = (id: string, expires: string) => `a waiver of ${id} that ended on ${expires}`;
    const expected = `a date that is not before ${today}`;
    const configured = settings.waivers.flatMap(({ rule: id, expires }, index): Finding[] =>
      expired(expires)
        ? [{ property: `pack.settings: waivers.${String(index)}.expires`, found: found(id, expires), expected }]
        : [],
    );
    const recorded = records(stack).flatMap(({ urn, property, id, expires }): Finding[] =>
      expired(expires) ? [{ urn, property, found: found(id, expires), expected }] : [],
    );
    return [...configured, ...recorded];
  },
  examples: {
    good: [
      { title: "A waiver with time left", settings: { asOf }, resources: waived("2027-06-30") },
      { title: "Its last day", settings: { asOf }, resources: waived(asOf) },
    ],
    bad: [{ title: "A waiver from last year", settings: { asOf }, resources: waived("2026-12-31") }],
  },
};

function records({ ofType }: Stack) {
  return ofType(type.hardenedContainer).flatMap(({ urn, properties }) =>
    properties.objects("waivers").map((record) => ({
      urn,
      property: record.path("expires"),
      id: record.text("id") ?? "an unnamed rule",
      expires: record.text("expires"),
    })),
  );
}

function waived(expires: string): ExampleResource[] {
  const record = {
    id: "container.read-only-root",
    reason: "writes its configuration under /opt at every start",
    owner: "security",
    expires,
  };
  const given = labels({ "garrison.waivers": "container.read-only-root" });
  return [
    { type: type.hardenedContainer, name: "hardened", properties: { waivers: [record] } },
    { ...container({ readOnly: false, labels: given }), parent: "hardened" },
  ];
}
