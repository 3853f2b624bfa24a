import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import { findingsIn, findingsOn } from "./judge.ts";
import type { Resource } from "./resource.ts";
import { openResource, openStack } from "./resource.ts";
import { isUnknownMark, valuesBehind } from "./sdk.ts";
import type { Pack } from "./to-policy.ts";

const UNJUDGED_ID = "pack.unjudged";

/**
 * Says once for each resource what preview cannot know of the properties that the rules look at. Without it the rules
 * would pass in silence: the engine asks them again during the update, with the real values and before the resource is
 * made, and the rules over the whole stack at its end.
 */
export function unjudgedPolicy(pack: Pack): ResourceValidationPolicy & StackValidationPolicy {
  const said = new Set<string>();
  const sayAbout = (resource: Resource, report: (message: string, urn?: string) => void): void => {
    const paths = resource.unknowns.paths.filter((path) => !said.has(`${resource.urn} ${path}`));
    for (const path of paths) said.add(`${resource.urn} ${path}`);
    if (paths.length > 0) report(message(resource, paths), resource.urn);
  };
  return {
    name: UNJUDGED_ID,
    displayName: UNJUDGED_ID,
    description: "What preview cannot know is judged during the update.",
    severity: "low",
    enforcementLevel: "advisory",
    validateResource: (args, report) => {
      if (!holdsUnknown(valuesBehind(args.props))) return;
      const resource = openResource(args);
      for (const rule of pack.rules) findingsOn(rule, resource, { ...pack, config: {} });
      sayAbout(resource, report);
    },
    validateStack: (args, report) => {
      if (!args.resources.some((resource) => holdsUnknown(valuesBehind(resource.props)))) return;
      const stack = openStack(args.resources);
      for (const rule of pack.rules) findingsIn(rule, stack, { ...pack, config: {} });
      for (const resource of stack.resources) sayAbout(resource, report);
    },
  };
}

function message({ name }: Resource, paths: readonly string[]): string {
  const [verb, pronoun] = paths.length === 1 ? ["is", "it"] : ["are", "they"];
  return (
    `${name}: ${paths.join(", ")} ${verb} not known before the update, so ${pronoun} will be judged then. ` +
    "A plain value is judged at preview."
  );
}

function holdsUnknown(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(holdsUnknown);
  return isUnknownMark(value);
}
