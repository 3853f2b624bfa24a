import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { logFlaw } from "../../../containment/limits.ts";

export const rule: Rule = {
  id: "container.logs",
  title: "Every container's log is kept, and has an end.",
  severity: "low",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 2.13", "NSA/CISA Kubernetes hardening", "OWASP ASI08"],
  why: "Without a log nobody can tell what happened, and a log without an end fills the disk for all others.",
  fix: 'Set `logDriver` to "json-file" and `logOpts` to max-size and max-file, or to a driver that ships the log away.',
  waivable: "by-label",
  ...onContainers((container): Finding[] => {
    // Without a driver it is the daemon's, with the daemon's options.
    const end = container.object("logOpts").text("max-size") ?? "";
    const flaw = logFlaw(container.text("logDriver") ?? "", end);
    if (flaw === "no log") {
      return [
        {
          property: container.path("logDriver"),
          found: show(container.text("logDriver")),
          expected: "a driver that keeps the log",
        },
      ];
    }
    if (flaw === undefined || container.isUnknown("logOpts")) return [];
    const property = `${container.path("logOpts")}.max-size`;
    return [{ property, found: show(end === "" ? undefined : end), expected: '"10m" or so' }];
  }),
  examples: {
    good: [
      withContainer("The daemon's driver", {}),
      withContainer("Files with an end", { logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" } }),
      withContainer("A log that leaves", { logDriver: "journald" }),
    ],
    bad: [
      withContainer("No log", { logDriver: "none" }),
      withContainer("A log without an end", { logDriver: "json-file" }),
      withContainer("An end that is none", { logDriver: "json-file", logOpts: { "max-size": "-1" } }),
    ],
  },
};
