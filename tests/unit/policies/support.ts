import { createRequire } from "node:module";

import { judge, judgeStack } from "#policies/lib/judge.ts";
import type { Verdict } from "#policies/lib/judge.ts";
import { openResource, openStack } from "#policies/lib/resource.ts";
import { container } from "#policies/lib/examples.ts";
import { markSecrets } from "#policies/lib/sdk.ts";
import type { Settings } from "#policies/lib/settings.ts";
import { defaultSettings } from "#policies/lib/settings.ts";
import type { ExampleResource, Finding, Rule } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";

/** The SDK exports this for tests, but without a type; its own module spares loading the whole SDK. */
const { unknownCheckingProxy } = createRequire(import.meta.url)("@pulumi/policy/proxy") as {
  unknownCheckingProxy: (properties: object) => Record<string, unknown>;
};

/** What the SDK puts in the place of a string that preview cannot know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Config = Readonly<Record<string, unknown>>;

/** What a test may say beside the resources: the rule's own configuration, and settings of the pack. */
export interface Said {
  readonly config?: Config;
  readonly settings?: Partial<Settings> | undefined;
  /** Configurations of other rules. */
  readonly configs?: ReadonlyMap<string, Config>;
}

export function urnOf({ type, name }: ExampleResource): string {
  return `urn:pulumi:test::test::${type}::${name}`;
}

/** Resources as the SDK hands them to a pack, with the proxy that throws at unknown values. */
export function asGiven(resources: readonly ExampleResource[]) {
  const given = resources.map((resource) => {
    const properties = { ...resource.properties };
    markSecrets(properties, resource.secrets ?? []);
    return { urn: urnOf(resource), type: resource.type, name: resource.name, props: unknownCheckingProxy(properties) };
  });
  const byName = new Map(given.toReversed().map((one) => [one.name, one]));
  return given.map((one, index) => {
    const parent = byName.get(resources[index]?.parent ?? "");
    return { ...one, ...(parent && { parent }) };
  });
}

/** Verdicts of both halves of a rule on a small program, and the properties that could not be judged. */
export function run(rule: Rule, resources: readonly ExampleResource[], said: Said = {}) {
  return runAll([rule], resources, said);
}

/** The same for several rules, which look at one program that is opened once. */
export function runAll(judges: readonly Rule[], resources: readonly ExampleResource[], said: Said = {}) {
  const settings = { ...defaultSettings, ...said.settings };
  const context = { rules, config: said.config ?? {}, configs: said.configs ?? new Map(), settings };
  const single = asGiven(resources).map(openResource);
  const stack = openStack(asGiven(resources));
  const verdicts: Verdict[] = judges.flatMap((rule) => [
    ...single.flatMap((resource) => judge(rule, resource, context)),
    ...judgeStack(rule, stack, context),
  ]);
  return {
    verdicts,
    unknown: [...new Set([...single, ...stack.resources].flatMap((resource) => resource.unknowns.paths))],
  };
}

/** The findings that stand, as `property: found`. */
export function findings(rule: Rule, resources: readonly ExampleResource[], said: Said = {}): string[] {
  return run(rule, resources, said).verdicts.map(({ finding }: { finding: Finding }) => {
    return `${finding.property}: ${finding.found}`;
  });
}

/** Findings on the clean container with some properties changed. */
export function onContainer(rule: Rule, changes: Readonly<Record<string, unknown>>, said: Said = {}): string[] {
  return findings(rule, [container(changes)], said);
}

/** A rule on one resource of a type: on the base with some properties changed, and the properties it finds wrong there. */
export function onResource(rule: Rule, type: string, base: Readonly<Record<string, unknown>>) {
  const on = (changes: object) => run(rule, [{ type, name: "example", properties: { ...base, ...changes } }]);
  return { on, properties: (changes: object) => on(changes).verdicts.map(({ finding }) => finding.property) };
}
