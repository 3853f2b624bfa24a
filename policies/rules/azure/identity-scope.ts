import { exampleGroupId, exampleId } from "../../lib/azure-examples.ts";
import { isText } from "../../lib/azure-resources.ts";
import { azure } from "../../lib/azure-types.ts";
import type { Properties } from "../../lib/properties.ts";
import { show } from "../../lib/properties.ts";
import type { Example, Finding, Rule } from "../../lib/rule.ts";

/** Azure's own roles that may change everything, or give themselves whatever they lack. */
const WIDE: ReadonlyMap<string, string> = new Map([
  ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"],
  ["b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"],
  ["18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator"],
  ["f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator"],
]);

// A condition can limit which roles these may hand out; for the others it does not bear on what they change.
const LIMITED_BY_CONDITION = new Set(["User Access Administrator", "Role Based Access Control Administrator"]);

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001";
const OWNER = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`;

export const rule: Rule = {
  id: "azure.identity-scope",
  title: "No identity of a machine may change a whole resource group or more.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "Whatever runs on the machine can ask for its identity's token, so one hole in it becomes all that the role allows.",
  fix: "Grant a role for the one task, such as Key Vault Secrets User, on the one resource that it is for.",
  waivable: "by-configuration",
  types: [azure.roleAssignment, azure.roleDefinition],
  check: ({ type, properties }) => (type === azure.roleAssignment ? assignment(properties) : definition(properties)),
  examples: {
    good: [
      assigned("A role for one task on one resource", "sg-task", {
        roleDefinitionId: OWNER.replace(/[^/]+$/, "4633458b-17de-408a-b874-0445c86b69e6"),
        scope: exampleId("Microsoft.KeyVault/vaults/example"),
      }),
      assigned("A wide role on one resource", "sg-one", {
        scope: exampleId("Microsoft.Storage/storageAccounts/example"),
      }),
      assigned("A person", "sg-person", { principalType: "User" }),
      defined("A role of its own with single actions", "sg-role", ["Microsoft.Compute/virtualMachines/read"]),
    ],
    bad: [
      assigned("Owner of the subscription", "sb-owner", {}),
      assigned("Contributor of a resource group", "sb-group", {
        roleDefinitionId: OWNER.replace(/[^/]+$/, "B24988AC-6180-42A0-AB88-20F7382DD24C"),
        scope: exampleGroupId,
      }),
      assigned("May hand out roles in a management group", "sb-roles", {
        roleDefinitionId: OWNER.replace(/[^/]+$/, "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"),
        scope: "/providers/Microsoft.Management/managementGroups/example",
      }),
      assigned("Nobody says what the principal is", "sb-unsaid", { principalType: undefined }),
      defined("A role of its own that may do everything", "sb-role", ["*"]),
    ],
  },
};

function assignment(properties: Properties): Finding[] {
  const kind = properties.text("principalType");
  if (properties.isUnknown("principalType") || (kind !== undefined && !isText(kind, "ServicePrincipal"))) return [];
  const id = (properties.text("roleDefinitionId") ?? "").toLowerCase().split("/").at(-1) ?? "";
  const role = WIDE.get(id);
  const scope = properties.text("scope") ?? "";
  const reach = reachOf(scope);
  if (role === undefined || reach === undefined) return [];
  const conditional = (properties.text("condition") ?? "") !== "" || properties.isUnknown("condition");
  if (LIMITED_BY_CONDITION.has(role) && conditional) return [];
  return [
    { property: "roleDefinitionId", found: `${role} of ${reach}`, expected: "a role for one task on one resource" },
  ];
}

function reachOf(scope: string): string | undefined {
  const path = scope.trim().toLowerCase().replace(/\/+$/, "");
  if (path === "") return scope.trim() === "/" ? "everything" : undefined;
  if (/^\/subscriptions\/[^/]+$/.test(path)) return "a subscription";
  if (/^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/.test(path)) return "a resource group";
  return /^\/providers\/microsoft\.management\/managementgroups\/[^/]+$/.test(path) ? "a management group" : undefined;
}

function definition(properties: Properties): Finding[] {
  return properties
    .objects("permissions")
    .flatMap((one) => one.texts("actions"))
    .filter(({ value }) => value.trim() === "*")
    .map(({ path, value }) => ({ property: path, found: show(value), expected: "the actions that are needed" }));
}

function assigned(title: string, name: string, changes: Readonly<Record<string, unknown>>): Example {
  const principal = { principalId: "00000000-0000-0000-0000-000000000003", principalType: "ServicePrincipal" };
  const properties = { ...principal, roleDefinitionId: OWNER, scope: SUBSCRIPTION, ...changes };
  return { title, resources: [{ type: azure.roleAssignment, name, properties }] };
}

function defined(title: string, name: string, actions: readonly string[]): Example {
  const properties = { roleName: name, scope: SUBSCRIPTION, permissions: [{ actions, notActions: [] }] };
  return { title, resources: [{ type: azure.roleDefinition, name, properties }] };
}
