import { disk, exampleGroupId, exampleId, of, resource, storageAccount, vault } from "#lib/azure-examples.ts";
import { azureName, groupOf, inputOf, isText, segmentAfter } from "#lib/azure-resources.ts";
import { azure } from "#lib/azure-types.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Rule } from "#lib/rule.ts";

const HOLD_DATA = [azure.disk, azure.storageAccount, azure.vault];

export const rule: Rule = {
  id: "azure.locks",
  title: "What holds data has a lock against deletion.",
  severity: "low",
  level: "advisory",
  references: [],
  why: "One wrong command in the portal deletes a disk, and nothing asks twice.",
  fix: "Declare a management lock of level CanNotDelete on the resource or on its resource group.",
  waivable: "by-configuration",
  types: HOLD_DATA,
  looksAt: [azure.lockAtGroup, azure.lockAtResource, azure.lockAtSubscription, azure.lockByScope],
  checkStack: (stack) => {
    const locks = [azure.lockByScope, azure.lockAtGroup, azure.lockAtResource, azure.lockAtSubscription]
      .flatMap((type) => stack.ofType(type))
      .filter(({ properties }) => /^(cannotdelete|readonly)$/i.test(properties.text("level") ?? ""));
    if (locks.some(mayBeAnywhere)) return [];
    return dataOf(stack)
      .filter((data) => !locks.some((lock) => isLocked(data, lock)))
      .map((data) => ({
        urn: data.urn,
        property: "name",
        found: "not locked against deletion",
        expected: "a management lock",
      }));
  },
  examples: {
    good: [
      of(
        "A lock on the resource",
        storageAccount("lgown"),
        lock("lg-own", exampleId("Microsoft.Storage/storageAccounts/lgown")),
      ),
      of("A lock on the group", vault("lg-group"), lock("lg-group-lock", exampleGroupId)),
      of(
        "A lock on the group, by its name",
        disk("lg-name"),
        resource(azure.lockAtGroup, "lg-name-lock", { level: "CanNotDelete" }),
      ),
      of(
        "A disk made from an image, which can be made again",
        disk("lg-image", { creationData: { createOption: "FromImage" } }),
      ),
    ],
    bad: [
      of("No lock", disk("lb-none")),
      of(
        "A lock on something else",
        vault("lb-other"),
        lock("lb-lock", exampleId("Microsoft.Storage/storageAccounts/lbother")),
      ),
    ],
  },
};

function dataOf(stack: Stack): Resource[] {
  return HOLD_DATA.flatMap((type) => stack.ofType(type)).filter(
    ({ properties }) => !isText(properties.object("creationData").text("createOption"), "FromImage"),
  );
}

/** A lock whose place is not known yet; or one over everything. */
function mayBeAnywhere(lock: Resource): boolean {
  if (lock.type === azure.lockAtSubscription) return true;
  return inputOf(lock, lock.type === azure.lockByScope ? "scope" : "resourceGroupName") === undefined;
}

function isLocked(data: Resource, lock: Resource): boolean {
  const group = groupOf(data);
  if (lock.type !== azure.lockByScope) {
    const name = lock.type === azure.lockAtGroup ? undefined : inputOf(lock, "resourceName")?.toLowerCase();
    return matches(group, groupOf(lock)) && (name === undefined || name === azureName(data));
  }
  const scope = inputOf(lock, "scope") ?? "";
  const scopeGroup = segmentAfter(scope, "resourceGroups")?.toLowerCase();
  const resourceName =
    segmentAfter(scope, "providers") === undefined ? undefined : scope.split("/").at(-1)?.toLowerCase();
  return matches(group, scopeGroup) && (resourceName === undefined || resourceName === azureName(data));
}

function matches(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function lock(name: string, scope: string) {
  return { type: azure.lockByScope, name, properties: { scope, level: "CanNotDelete" } };
}
