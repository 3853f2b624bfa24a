import { container, labels, withContainer } from "#lib/examples.ts";
import { isOurs } from "#lib/labels.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "container.process-limit-advice",
  title: "Containers should have a process limit, which a Pulumi program cannot show.",
  severity: "low",
  level: "advisory",
  references: ["CIS Docker 1.6.0, 5.29"],
  why: "A fork bomb in one container stops the whole host, and the Docker provider has no field against it.",
  fix: "Give the containers a cgroup parent that carries a limit, or set it with `docker update --pids-limit` and read it back.",
  waivable: "never",
  types: [],
  checkStack: ({ resources }) => {
    const containers = resources.filter((resource) => resource.type === type.container);
    if (containers.length === 0 || containers.some(isOurs)) return [];
    const found = `unproven for ${String(containers.length)} container${containers.length === 1 ? "" : "s"}`;
    return [{ property: "process limit", found, expected: "a limit that something outside this program verifies" }];
  },
  examples: {
    good: [
      {
        title: "A Garrison estate: container.limits judges it",
        resources: [
          container({ labels: labels({ "garrison.estate": "demo", "garrison.service": "example" }) }),
          { type: type.pidLimits, name: "pids", properties: { limits: { example: 64 } } },
        ],
      },
    ],
    bad: [withContainer("Any other program: one line, and no more", {})],
  },
};
