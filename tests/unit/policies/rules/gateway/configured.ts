import { openclaw, scene } from "#policies/lib/agent-examples.ts";
import type { Rule } from "#policies/lib/rule.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { declares, program } = scene("t");

/** Findings on a gateway with a clean configuration, some sections of which are changed. */
export function onConfiguration(
  rule: Rule,
  sections: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): string[] {
  return findings(rule, [
    program("gateway", []),
    declares({}, { gateway: { configuration: openclaw(sections), ...more } }),
  ]);
}

/** Findings on a gateway that gets a configuration as an uploaded file. */
export function onUpload(rule: Rule, content: unknown): string[] {
  return findings(rule, [program("gateway", [], { uploads: [{ file: "/etc/openclaw/openclaw.json", content }] })]);
}

/** Findings on a container with a configuration that says nothing of being a gateway. */
export function onStranger(rule: Rule, configuration: unknown): string[] {
  return findings(rule, [program("other", []), declares({}, { other: { configuration } })]);
}
