import { judge, judgeStack } from "#policies/lib/judge.ts";
import type { Verdict } from "#policies/lib/judge.ts";
import { openResource, openStack } from "#policies/lib/resource.ts";
import type { Resource, Stack } from "#policies/lib/resource.ts";
import type { Context, Rule } from "#policies/lib/rule.ts";
import { markSecrets } from "#policies/lib/sdk.ts";
import { defaultSettings } from "#policies/lib/settings.ts";
import { rules as catalogue } from "#policies/rules/catalogue.ts";
import type { JudgedResource } from "./plan/judged-resource.ts";
import type { Part } from "./side.ts";

/** A program's resources, opened for the rules once. */
export interface Opened {
  readonly single: readonly Resource[];
  readonly stack: Stack;
}

export function open(resources: readonly JudgedResource[]): Opened {
  const given = new Map<string, Given>();
  for (const resource of resources) given.set(resource.urn, handedOver(resource, given));
  const all = [...given.values()];
  return { single: all.map(openResource), stack: openStack(all) };
}

interface Given {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: object;
  readonly parent?: Given;
}

function handedOver(
  { urn, type, name, properties, secrets, parent }: JudgedResource,
  known: ReadonlyMap<string, Given>,
): Given {
  const props = { ...properties };
  markSecrets(props, secrets);
  const above = known.get(parent ?? "");
  return { urn, type, name, props, ...(above && { parent: above }) };
}

/**
 * What the pack finds, by its own defaults. The deployment is judged by the engine; a comparison needs the same
 * answers about both sides, also where there is no engine.
 *
 * @param asOf the day on which waivers are looked at, as YYYY-MM-DD
 */
export function findingsOf({ single, stack }: Opened, asOf: string): Part<"findings">[] {
  const settings = { ...defaultSettings, asOf };
  const context: Context = { rules: catalogue, config: {}, configs: new Map(), settings };
  return catalogue.flatMap((rule) => {
    const verdicts = [
      ...single.flatMap((resource) => judge(rule, resource, context)),
      ...judgeStack(rule, stack, context),
    ];
    return verdicts.map((verdict) => told(rule, verdict));
  });
}

function told({ id, severity, level }: Rule, { finding, resource }: Verdict): Part<"findings"> {
  const { property, found } = finding;
  return { rule: id, severity, level, resource: resource?.name ?? "", property, found };
}

/** Every rule, so that one that is gone or weaker is told too. */
export function rulesOf(): Part<"rules">[] {
  return catalogue.map(({ id, level, waivable }) => ({ id, level, waivable }));
}
