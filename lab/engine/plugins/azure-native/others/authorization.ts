import type { AzureType, Checking, Wanted } from "../core/azure-type.ts";
import type { State } from "../core/state.ts";
import { exists } from "../core/lookup.ts";
import { ArmError } from "../core/problems.ts";
import { text } from "../core/values.ts";

const longestNotes = 512;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const lock: Pick<AzureType, "name" | "takes" | "check"> = {
  name: {
    pattern: /^[\w().-]{0,89}[\w()-]$/,
    expected: "1 to 90 letters, digits, underscores, hyphens, periods and parentheses, without a period at the end",
  },
  takes: ["level", "notes"],
  check: ({ inputs, problems }) => {
    if (text(inputs, "level") === "NotSpecified") problems.add("level", "NotSpecified", "CanNotDelete or ReadOnly");
    const notes = text(inputs, "notes") ?? "";
    if (notes.length > longestNotes) {
      problems.add("notes", `${String(notes.length)} characters long`, `at most ${String(longestNotes)}`);
    }
  },
};

/** Microsoft.Authorization 2020-05-01, locks.json. */
export const lockByScope: AzureType = {
  ...lock,
  token: "azure-native:authorization:ManagementLockByScope",
  idTemplate: "/{scope}/providers/Microsoft.Authorization/locks/{lockName}",
  check: (checking) => {
    lock.check?.(checking);
    checkScope(checking);
  },
  admit: requireScope,
};

/** Microsoft.Authorization 2020-05-01, locks.json. */
export const lockAtGroup: AzureType = {
  ...lock,
  token: "azure-native:authorization:ManagementLockAtResourceGroupLevel",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Authorization/locks/{lockName}",
};

/** Microsoft.Authorization 2022-04-01, authorization-RoleAssignmentsCalls.json. In the state only: nobody logs in. */
export const roleAssignment: AzureType = {
  token: "azure-native:authorization:RoleAssignment",
  idTemplate: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
  name: { pattern: guid, expected: "a GUID", guid: true },
  takes: ["condition", "conditionVersion", "description", "principalId", "principalType", "roleDefinitionId"],
  replaces: ["principalId", "roleDefinitionId"],
  check: (checking) => {
    const { inputs, problems } = checking;
    checkScope(checking);
    const principal = text(inputs, "principalId");
    if (principal !== undefined && !guid.test(principal))
      problems.add("principalId", JSON.stringify(principal), "a GUID");
    const role = text(inputs, "roleDefinitionId");
    if (role !== undefined && !/\/providers\/Microsoft\.Authorization\/roleDefinitions\/[^/]+$/i.test(role)) {
      problems.add("roleDefinitionId", JSON.stringify(role), "the id of a role definition");
    }
  },
  admit: requireScope,
};

export function checkScope({ inputs, problems }: Checking): void {
  const scope = text(inputs, "scope");
  if (scope !== undefined && !/^\/?subscriptions\/[^/]+(\/|$)/i.test(scope)) {
    problems.add("scope", JSON.stringify(scope), "the id of a subscription, a resource group or a resource");
  }
}

export function requireScope({ inputs, account }: Wanted, state: State): void {
  const scope = `/${(text(inputs, "scope") ?? "").replace(/^\/+|\/+$/g, "")}`;
  const isSubscription = scope.toLowerCase() === `/subscriptions/${account.subscriptionId.toLowerCase()}`;
  if (!isSubscription && !exists(state, scope)) {
    throw new ArmError("ResourceNotFound", `scope is ${scope}; there is no such resource`);
  }
}
