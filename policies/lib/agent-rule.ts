import { agentsOf } from "./graph.ts";
import { isAgent } from "./labels.ts";
import type { Resource } from "./resource.ts";
import type { Context, Finding, Rule } from "./rule.ts";

/**
 * The checks of a rule that looks at one agent at a time. An agent that a label or the settings name is judged before
 * it is made; one that only a component declares is judged with the whole stack.
 */
export function onEachAgent(
  judge: (resource: Resource, context: Context) => readonly Finding[],
): Required<Pick<Rule, "check" | "checkStack">> {
  return {
    check: (resource, context) => (isAgent(resource, context.settings) ? judge(resource, context) : []),
    checkStack: (stack, context) =>
      agentsOf(stack, context.settings)
        .map(({ resource }) => resource)
        .filter((resource) => !isAgent(resource, context.settings))
        .flatMap((resource) => judge(resource, context).map((finding) => ({ ...finding, urn: resource.urn }))),
  };
}
