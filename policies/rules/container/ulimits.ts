import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { ulimitExpected } from "../../../containment/limits.ts";

const limit = (name: string, soft: number, hard: number) => ({ ulimits: [{ name, soft, hard }] });

export const rule: Rule = {
  id: "container.ulimits",
  title: "No container lifts a resource limit of its processes.",
  severity: "low",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.19", "OWASP ASI08"],
  why: "Endless files, locked memory or core files of one container take what the host and all others need.",
  fix: "Remove the entry from `ulimits`, or give a number that the program's manual asks for.",
  waivable: "by-label",
  ...onContainers((container) => container.objects("ulimits").flatMap(flaws)),
  examples: {
    good: [
      withContainer("The daemon's defaults", {}),
      withContainer("A number of files", limit("nofile", 65_536, 65_536)),
      withContainer("No core file", limit("core", 0, 0)),
      withContainer("No real-time priority", limit("rtprio", 0, 0)),
    ],
    bad: [
      withContainer("Endless files", limit("nofile", -1, -1)),
      withContainer("A billion files", limit("nofile", 1_000_000_000, 1_000_000_000)),
      withContainer("Core files of any size", limit("core", -1, -1)),
      withContainer("Real-time priority", limit("rtprio", 0, 10)),
      withContainer("All memory locked", limit("memlock", -1, -1)),
      withContainer("Endless above the soft limit", limit("nofile", 1024, -1)),
    ],
  },
};

function flaws(own: Properties): Finding[] {
  const name = (own.text("name") ?? "").trim().toLowerCase();
  return (["soft", "hard"] as const).flatMap((kind) => {
    const value = own.number(kind);
    const expected = value === undefined ? undefined : ulimitExpected(name, value);
    return expected === undefined ? [] : [{ property: own.path(kind), found: `${name} of ${show(value)}`, expected }];
  });
}
