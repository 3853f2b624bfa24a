import { container, labels } from "#lib/examples.ts";
import { waiversOf } from "#lib/labels.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { LABELLED } from "#lib/types.ts";

export const rule: Rule = {
  id: "waiver.unknown",
  title: "A waiver names a rule that exists and that can be waived.",
  severity: "medium",
  level: "mandatory",
  references: [],
  why: "A misspelt waiver looks like a decision and is none.",
  fix: "Correct the id in the label garrison.waivers, or remove it.",
  waivable: "never",
  types: LABELLED,
  check: (resource, { rules }) => {
    const known = rules.filter((other) => other.waivable !== "never" && other.types.includes(resource.type));
    const ids = known.map((other) => other.id);
    return waiversOf(resource)
      .filter((id) => !ids.includes(id))
      .map((id) => ({ property: "labels", found: `a waiver of ${show(id)}`, expected: `one of ${ids.join(", ")}` }));
  },
  examples: {
    good: [
      {
        title: "A rule of the pack",
        resources: [container({ readOnly: false, labels: labels({ "garrison.waivers": "container.read-only-root" }) })],
      },
    ],
    bad: [
      {
        title: "A misspelt id",
        resources: [container({ labels: labels({ "garrison.waivers": "container.readonly-root" }) })],
      },
      {
        title: "A rule that nothing waives",
        resources: [container({ labels: labels({ "garrison.waivers": "waiver.unknown" }) })],
      },
    ],
  },
};
