import type { Opening, SecurityRule } from "./azure-openings.ts";
import { openingsOf, securityRuleOf } from "./azure-openings.ts";
import { azureName, groupOf, inputOf, segmentAfter } from "./azure-resources.ts";
import { azure } from "./azure-types.ts";
import type { Properties } from "./properties.ts";
import type { Resource, Stack } from "./resource.ts";

/** What the rules written inside a group open. */
export function openingsOfGroup(properties: Properties, administrators: readonly string[]): readonly Opening[] {
  const all = properties.objects("securityRules").map(securityRuleOf);
  return all.flatMap((one) => openingsOf(one, all, administrators));
}

/** Rules in resources of their own, judged with all rules of their group. */
export function openingsOfSeparateRules(
  stack: Stack,
  administrators: readonly string[],
): readonly (Opening & { readonly urn: string })[] {
  const all = stack.ofType(azure.securityRule).map((one) => ({ one, opened: securityRuleOf(one.properties) }));
  return all.flatMap(({ one, opened }) => {
    const together: SecurityRule[] = [
      ...all.filter((other) => areTogether(one, other.one)).map((other) => other.opened),
      ...stack
        .ofType(azure.securityGroup)
        .filter((group) => isGroupOf(group, one))
        .flatMap((group) => group.properties.objects("securityRules").map(securityRuleOf)),
    ];
    return openingsOf(opened, together, administrators).map((opening) => ({ urn: one.urn, ...opening }));
  });
}

/** Whether two rules belong to one group; those whose group is not known yet may. */
function areTogether(one: Resource, other: Resource): boolean {
  return sameOrUnknown(groupNameOf(one), groupNameOf(other)) && sameOrUnknown(groupOf(one), groupOf(other));
}

function isGroupOf(group: Resource, one: Resource): boolean {
  return sameOrUnknown(groupNameOf(one), azureName(group)) && sameOrUnknown(groupOf(one), groupOf(group));
}

function groupNameOf(one: Resource): string | undefined {
  const id = one.properties.text("id");
  return (inputOf(one, "networkSecurityGroupName") ?? segmentAfter(id, "networkSecurityGroups"))?.toLowerCase();
}

function sameOrUnknown(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Rules of a network manager, which come before every security group, judged with those of their collection. */
export function openingsOfAdminRules(
  stack: Stack,
  administrators: readonly string[],
): readonly (Opening & { readonly urn: string })[] {
  const all = stack.ofType(azure.adminRule).map((one) => ({ one, opened: securityRuleOf(one.properties) }));
  return all.flatMap(({ one, opened }) => {
    const together = all.filter((other) =>
      ["networkManagerName", "configurationName"].every((name) =>
        sameOrUnknown(inputOf(one, name), inputOf(other.one, name)),
      ),
    );
    return openingsOf(
      opened,
      together.map((other) => other.opened),
      administrators,
    ).map((opening) => ({ urn: one.urn, ...opening }));
  });
}
