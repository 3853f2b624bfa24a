import { containerOf } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { hasHealthCheck } from "#lib/health-check.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";
import { MOST_ATTEMPTS } from "../../../containment/limits.ts";

export const rule: Rule = {
  id: "container.restart",
  title: "A container that keeps failing is not started again for ever.",
  severity: "low",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.15", "OWASP ASI08"],
  why: "A crash that loops without end hides the fault, fills the logs and gives an attacker a new try each time.",
  fix: 'Set `restart` to "on-failure" with `maxRetryCount` of at most 5, or to "unless-stopped" with a health check that alarms.',
  waivable: "by-label",
  types: [type.container],
  check: (resource) => {
    const container = containerOf(resource);
    const policy = (container.text("restart") ?? "no").trim().toLowerCase();
    if (policy === "on-failure") return attempts(container);
    if (policy === "always") return [refused(policy)];
    if (policy !== "unless-stopped" || container.isUnknown("healthcheck") || hasHealthCheck(container)) return [];
    return [refused(`${policy}, without a health check`)];
  },
  examples: {
    good: [
      withContainer("Not started again", { restart: "no" }),
      withContainer("Five attempts", { restart: "on-failure", maxRetryCount: 5 }),
      withContainer("A service with a health check", { restart: "unless-stopped" }),
    ],
    bad: [
      withContainer("Always", { restart: "always" }),
      withContainer("On failure, without end", { restart: "on-failure" }),
      withContainer("A hundred attempts", { restart: "on-failure", maxRetryCount: 100 }),
      withContainer("Unless stopped, and nobody looks", { restart: "unless-stopped", healthcheck: undefined }),
    ],
  },
};

function refused(found: string): Finding {
  return { property: "restart", found, expected: '"on-failure" with an end, or "unless-stopped" with a health check' };
}

/** Zero attempts means as many as it takes. */
function attempts(container: Properties): Finding[] {
  const given = container.number("maxRetryCount");
  if (container.isUnknown("maxRetryCount") || (given !== undefined && given >= 1 && given <= MOST_ATTEMPTS)) return [];
  return [{ property: "maxRetryCount", found: show(given), expected: `1 to ${String(MOST_ATTEMPTS)}` }];
}
