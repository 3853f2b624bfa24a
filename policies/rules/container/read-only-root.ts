import { onContainers } from "#lib/containers.ts";
import { container, labels, withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";

export const rule: Rule = {
  id: "container.read-only-root",
  title: "The root file system of every container is read-only.",
  severity: "medium",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.13", "OWASP ASI10"],
  why: "On a writable root an intruder replaces the program itself and is still there after the next restart.",
  fix: "Set `readOnly` to true and give the paths that must be written a volume or a sized tmpfs.",
  waivable: "by-label",
  ...onContainers((container) => {
    const found = container.flag("readOnly");
    return found === true ? [] : [{ property: container.path("readOnly"), found: show(found), expected: "true" }];
  }),
  examples: {
    good: [
      withContainer("Read-only", {}),
      {
        title: "Writable under a waiver",
        resources: [container({ readOnly: false, labels: labels({ "garrison.waivers": "container.read-only-root" }) })],
      },
    ],
    bad: [withContainer("Left out", { readOnly: undefined }), withContainer("Switched off", { readOnly: false })],
  },
};
