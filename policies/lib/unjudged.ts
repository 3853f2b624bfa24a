import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import { findingsIn, findingsOn } from "./judge.ts";
import type { Resource } from "./resource.ts";
import { openResource, openStack } from "./resource.ts";
import { valuesBehind } from "./sdk.ts";
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

// What the engine sends for a value of each type that it does not know; from @pulumi/policy/proxy.
const UNKNOWN_VALUES = new Set<unknown>([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

function holdsUnknown(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(holdsUnknown);
  return UNKNOWN_VALUES.has(value);
}
