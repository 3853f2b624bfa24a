import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/identity-scope.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = {
  roleDefinitionId: "8E3AF657-a8ff-443c-a75c-2fe8c4bcb635",
  scope: "/subscriptions/1/resourceGroups/g/providers/a/b/c",
};
const { on, properties } = onResource(rule, "azure-native:authorization:RoleAssignment", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ scope: "/" }, "roleDefinitionId"],
  [{ scope: "/subscriptions/1/" }, "roleDefinitionId"],
  [{ scope: "/SUBSCRIPTIONS/1/RESOURCEGROUPS/g" }, "roleDefinitionId"],
  [{ scope: "/subscriptions/1", condition: "x" }, "roleDefinitionId"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([
  { scope: "/subscriptions/1", principalType: "Group" },
  { scope: "/subscriptions/1", roleDefinitionId: "f58310d9-a9f6-439a-9e8d-f62e7b41a168", condition: "x" },
  { scope: "/subscriptions/1", roleDefinitionId: "acdd72a7-3385-48ef-bd42-f606fba81ae7" },
])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([{ scope: UNKNOWN }, { scope: "/", principalType: UNKNOWN }, { scope: "/", roleDefinitionId: UNKNOWN }])(
  "nothing is concluded from what is not known in %j",
  (changes) => {
    const { verdicts, unknown } = on(changes);
    expect(verdicts).toEqual([]);
    expect(unknown).not.toEqual([]);
  },
);
