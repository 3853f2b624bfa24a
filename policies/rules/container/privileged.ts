import { container, labels, withContainer } from "#lib/examples.ts";
import { isAgent } from "#lib/labels.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "container.privileged",
  title: "No container runs privileged.",
  severity: "critical",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.5", "OWASP ASI05"],
  why: "A privileged container has every capability and every device, so whoever controls it controls the host.",
  fix: "Remove `privileged`; add the one capability or device that the program needs, under a waiver.",
  waivable: "by-configuration",
  types: [type.container],
  check: (resource, { settings }) => {
    if (resource.properties.flag("privileged") !== true) return [];
    const finding = { property: "privileged", found: "true", expected: "false, or not set" };
    return [isAgent(resource, settings) ? { ...finding, waivable: "never" } : finding];
  },
  examples: {
    good: [withContainer("Not privileged", {}), withContainer("Switched off in so many words", { privileged: false })],
    bad: [
      withContainer("Privileged", { privileged: true }),
      {
        title: "A label alone waives nothing here",
        resources: [container({ privileged: true, labels: labels({ "garrison.waivers": "container.privileged" }) })],
      },
    ],
  },
};
