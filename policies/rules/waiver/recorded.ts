import { container, labels } from "../../lib/examples.ts";
import { isOurs, waiversOf } from "../../lib/labels.ts";
import type { Properties } from "../../lib/properties.ts";
import type { Resource } from "../../lib/resource.ts";
import type { ExampleResource, Finding, Rule } from "../../lib/rule.ts";
import { type } from "../../lib/types.ts";
import { flawsOf } from "../../lib/waivers.ts";

const NAMES = { reason: "reason", owner: "owner", expires: "expiry" };

export const rule: Rule = {
  id: "waiver.recorded",
  title: "Every waiver in an estate has a reason, an owner and an expiry date.",
  severity: "medium",
  level: "mandatory",
  references: [],
  why: "A departure that nobody owns and that never ends is how hardening wears off.",
  fix: "Declare the waiver on the HardenedContainer with id, reason, owner and expires, not as a bare label.",
  waivable: "never",
  types: [],
  settings: {
    requireRecord: {
      type: "boolean",
      description: "Ask for a record of every waiver in the program, not only on containers of a Garrison estate.",
    },
  },
  checkStack: ({ resources }, { config }) =>
    resources
      .filter((resource) => resource.type === type.container)
      .filter((resource) => config.requireRecord === true || isOurs(resource) || isHardened(resource))
      .flatMap((resource) => waiversOf(resource).flatMap((id) => shortcomings(resource, id))),
  examples: {
    good: [{ title: "A recorded waiver", resources: waived({}) }],
    bad: [
      { title: "A bare label", resources: waived({ waivers: [] }) },
      { title: "No reason to speak of", resources: waived({ reason: "needed" }) },
      { title: "Nobody's", resources: waived({ owner: "" }) },
      { title: "No end", resources: waived({ expires: "never" }) },
      { title: "A day that does not exist", resources: waived({ expires: "2027-02-30" }) },
    ],
  },
};

function isHardened(resource: Resource): boolean {
  return resource.parent?.type === type.hardenedContainer;
}

function shortcomings(resource: Resource, id: string): Finding[] {
  const records = isHardened(resource) ? (resource.parent?.properties.objects("waivers") ?? []) : [];
  const record = records.find((one) => one.text("id") === id);
  const missing = record === undefined ? ["without a record"] : flaws(record);
  // Read first: only what was asked for can turn out to be unknown.
  if (resource.parent?.properties.isUnknown("waivers") === true) return [];
  return missing.map((flaw) => ({
    urn: resource.urn,
    property: "labels",
    found: `a waiver of ${id} ${flaw}`,
    expected: `a record in the output waivers of a parent ${type.hardenedContainer}: id, reason in words, owner, expires as YYYY-MM-DD`,
  }));
}

function flaws(record: Properties): string[] {
  const said = { reason: record.text("reason"), owner: record.text("owner"), expires: record.text("expires") };
  return flawsOf(said).map(({ field, found }) => `with the ${NAMES[field]} ${found}`);
}

function waived(changes: { reason?: string; owner?: string; expires?: string; waivers?: [] }): ExampleResource[] {
  const { waivers, ...fields } = changes;
  const record = {
    id: "container.read-only-root",
    reason: "writes its configuration under /opt at every start",
    owner: "security",
    expires: "2027-06-30",
    ...fields,
  };
  const given = labels({ "garrison.waivers": "container.read-only-root" });
  return [
    { type: type.hardenedContainer, name: "hardened", properties: { waivers: waivers ?? [record] } },
    { ...container({ readOnly: false, labels: given }), parent: "hardened" },
  ];
}
