import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { hasHealthCheck } from "#lib/health-check.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";

export const rule: Rule = {
  id: "container.health-check",
  title: "Every container that keeps running has a health check.",
  severity: "low",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.27", "CIS Docker 1.6.0, 4.6", "OWASP ASI08"],
  why: "A program that hangs looks like one that works, to the daemon and to whoever waits for it.",
  fix: 'Set `healthcheck.tests` to a command of the image, for instance ["CMD", "curl", "-f", "http://127.0.0.1:8080/"].',
  waivable: "by-label",
  ...onContainers((container) => {
    if (isJob(container.flag("mustRun"), container.flag("attach"))) return [];
    if (container.isUnknown("healthcheck") || hasHealthCheck(container)) return [];
    const tests = container.object("healthcheck").get("tests");
    return [
      { property: container.path("healthcheck"), found: show(tests), expected: "a command, after CMD or CMD-SHELL" },
    ];
  }),
  examples: {
    good: [
      withContainer("A command", {}),
      withContainer("A command of the shell", { healthcheck: { tests: ["CMD-SHELL", "test -e /tmp/ready"] } }),
      withContainer("A job, which is to end", { mustRun: false, healthcheck: undefined }),
    ],
    bad: [
      withContainer("None", { healthcheck: undefined }),
      withContainer("No command", { healthcheck: { tests: [] } }),
      withContainer("A word without a command", { healthcheck: { tests: ["CMD"] } }),
      withContainer("The image's own switched off", { healthcheck: { tests: ["NONE"] } }),
    ],
  },
};

/** A container that need not run, or that the program waits for, does its work and ends. */
function isJob(mustRun: boolean | undefined, attach: boolean | undefined): boolean {
  return mustRun === false || attach === true;
}
