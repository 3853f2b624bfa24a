import { exampleGroupId, exampleId } from "#lib/azure-examples.ts";
import { isText } from "#lib/azure-resources.ts";
import { farRole, powerOf } from "#lib/azure-roles.ts";
import { azure } from "#lib/azure-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

// A condition can limit which roles these may hand out; for the others it does not bear on what they change.
const LIMITED_BY_CONDITION = new Set(["User Access Administrator", "Role Based Access Control Administrator"]);

/** A role that can be activated is as good as one that is held. */
const ASSIGNMENTS = [
  ...[azure.roleAssignment, azure.eligibleRole, azure.roleAssignmentSchedule],
  ...[azure.requestedEligibleRole, azure.requestedActiveRole],
];

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
  types: [azure.roleDefinition, azure.delegation, ...ASSIGNMENTS],
  check: ({ type, properties }) => {
    if (type === azure.roleDefinition) return definition(properties);
    return type === azure.delegation ? delegated(properties.object("properties")) : assignment(properties);
  },
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
      assigned("A strong role on one resource", "sg-vault", {
        roleDefinitionId: OWNER.replace(/[^/]+$/, "00482a5a-887f-4fb3-b363-3b7fe8e74483"),
        scope: exampleId("Microsoft.KeyVault/vaults/example"),
      }),
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
      assigned("Root on each machine of a subscription", "sb-machines", {
        roleDefinitionId: OWNER.replace(/[^/]+$/, "9980e02c-c2be-4d73-94e8-173b1dc7cf3c"),
      }),
      {
        title: "Owner of the subscription whenever somebody asks for it",
        resources: [
          {
            type: azure.eligibleRole,
            name: "sb-eligible",
            properties: { principalId: "example", roleDefinitionId: OWNER, scope: SUBSCRIPTION },
          },
        ],
      },
      defined("A role of its own that may do everything", "sb-role", ["*"]),
      defined("A role of its own that hands out roles", "sb-hands", ["Microsoft.Authorization/*/write"]),
      defined("A role of its own that reads keys", "sb-keys", ["Microsoft.Storage/storageAccounts/*"]),
    ],
  },
};

function assignment(properties: Properties): Finding[] {
  // Of a schedule that is taken away nothing is left.
  if (/remove|deactivate/i.test(properties.text("requestType") ?? "")) return [];
  const kind = properties.text("principalType");
  if (properties.isUnknown("principalType") || (kind !== undefined && !isText(kind, "ServicePrincipal"))) return [];
  const name = properties.get("roleDefinitionId") === undefined ? "roleDefinitionName" : "roleDefinitionId";
  const role = farRole(properties.text(name) ?? "");
  const reach = reachOf(properties.text("scope") ?? "");
  if (role === undefined || reach === undefined) return [];
  if (role.kind === "strong" && reach === "a resource group") return [];
  const conditional = (properties.text("condition") ?? "") !== "" || properties.isUnknown("condition");
  if (LIMITED_BY_CONDITION.has(role.name) && conditional) return [];
  return [{ property: name, found: `${role.name} of ${reach}`, expected: "a role for one task on one resource" }];
}

/** What another company may do in a subscription or a group; Azure Lighthouse knows no smaller scope. */
function delegated(properties: Properties): Finding[] {
  return ["authorizations", "eligibleAuthorizations"]
    .flatMap((name) => properties.objects(name))
    .flatMap((one) => {
      const role = farRole(one.text("roleDefinitionId") ?? "");
      if (role === undefined) return [];
      const found = `${role.name} for another company`;
      return [{ property: one.path("roleDefinitionId"), found, expected: "a role that only reads" }];
    });
}

function reachOf(scope: string): string | undefined {
  const path = scope.trim().toLowerCase().replace(/\/+$/, "");
  if (path === "") return scope.trim() === "/" ? "everything" : undefined;
  if (/^\/?subscriptions\/[^/]+$/.test(path)) return "a subscription";
  if (/^\/?subscriptions\/[^/]+\/resourcegroups\/[^/]+$/.test(path)) return "a resource group";
  return /^\/?providers\/microsoft\.management\/managementgroups\/[^/]+$/.test(path) ? "a management group" : undefined;
}

function definition(properties: Properties): Finding[] {
  return properties.objects("permissions").flatMap((one) =>
    (["actions", "dataActions"] as const).flatMap((name) => {
      const except = name === "actions" ? "notActions" : "notDataActions";
      const exceptions = one.texts(except).map(({ value }) => value);
      if (one.isUnknown(except)) return [];
      return one.texts(name).flatMap(({ path, value }) => {
        const power = powerOf(value, exceptions, name === "dataActions");
        if (power === undefined) return [];
        return [{ property: path, found: `${show(value)}, which ${power}`, expected: "the actions that are needed" }];
      });
    }),
  );
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
