import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import { findingsIn, findingsOn } from "./judge.ts";
import type { Resource } from "./resource.ts";
import { openResource, openStack } from "./resource.ts";
import { holdsUnknown, valuesBehind } from "./sdk.ts";
import type { Pack } from "./to-policy.ts";

const UNJUDGED_ID = "pack.unjudged";
const MOST_NAMES = 2;

/**
 * Says once for the whole stack what preview cannot know of the properties that the rules look at. Without it the rules
 * would pass in silence: the engine asks them again during the update, with the real values and before the resource is
 * made, and the rules over the whole stack at its end.
 */
export function unjudgedPolicy(pack: Pack): ResourceValidationPolicy & StackValidationPolicy {
  const wanted = new Wanted();
  return {
    name: UNJUDGED_ID,
    displayName: UNJUDGED_ID,
    description: "What preview cannot know is judged during the update.",
    severity: "low",
    enforcementLevel: "advisory",
    validateResource: (args) => {
      if (!holdsUnknown(valuesBehind(args.props))) return;
      const resource = openResource(args);
      for (const rule of pack.rules) findingsOn(rule, resource, { ...pack, config: {} });
      wanted.add(resource);
    },
    validateStack: (args, report) => {
      if (args.resources.some((resource) => holdsUnknown(valuesBehind(resource.props)))) {
        const stack = openStack(args.resources, pack.inputs);
        for (const rule of pack.rules) findingsIn(rule, stack, { ...pack, config: {} });
        for (const resource of stack.resources) wanted.add(resource);
      }
      if (wanted.any) report(wanted.told());
      wanted.forget();
    },
  };
}

/** The unknown properties that some rule has asked for, and of which resources. */
class Wanted {
  readonly #names = new Map<string, Map<string, string>>();

  add({ urn, name, unknowns }: Resource): void {
    for (const path of unknowns.paths) {
      const property = path.replace(/\.\d+(?=\.|$)/g, "");
      const names = this.#names.get(property) ?? new Map<string, string>();
      this.#names.set(property, names.set(urn, name));
    }
  }

  get any(): boolean {
    return this.#names.size > 0;
  }

  /** What most resources share comes first: the line may be cut. */
  told(): string {
    const parts = [...this.#names]
      .map(([property, names]) => ({ property, names: [...names.values()].sort() }))
      .sort((a, b) => b.names.length - a.names.length || (a.property < b.property ? -1 : 1))
      .map(({ property, names }) => {
        const shown = names.slice(0, MOST_NAMES).join(", ");
        return `${property} of ${shown}${names.length > MOST_NAMES ? ` and ${String(names.length - MOST_NAMES)} more` : ""}`;
      });
    return `Not known before the update, and judged then: ${parts.join("; ")}.`;
  }

  forget(): void {
    this.#names.clear();
  }
}
