/** What Azure's control plane looks up before it makes or changes a resource. */
import type { AzureType, Wanted } from "./azure-type.ts";
import type { Entry, State } from "./state.ts";
import { armType, groupOf, isWithin, lastPart, parentOf, sameId } from "./ids.ts";
import { exists } from "./lookup.ts";
import { refuseLocked } from "./locks.ts";
import { ArmError } from "./problems.ts";
import { catalogue } from "../catalogue.ts";

/** @throws ArmError when it cannot be made, or changed to this */
export function admit(type: AzureType, wanted: Wanted, state: State): void {
  refuseLocked(state, wanted.id, "write");
  requireParent(wanted.id, state);
  for (const { property, id, type: expected } of type.references?.(wanted.inputs) ?? []) {
    if (exists(state, id) && sameId(armType(id), expected)) continue;
    throw new ArmError(
      "InvalidResourceReference",
      `${property} is ${id}; expected the id of a ${expected} that is there`,
    );
  }
  type.admit?.(wanted, state);
}

export function requireGroup(id: string, state: State): void {
  const group = groupOf(id);
  if (group !== undefined && !sameId(group, id) && state.find(group) === undefined) {
    throw new ArmError("ResourceGroupNotFound", `Resource group '${lastPart(group)}' could not be found.`);
  }
}

function requireParent(id: string, state: State): void {
  const parent = parentOf(id);
  if (parent !== undefined && !parent.toLowerCase().endsWith("/blobservices/default") && !exists(state, parent)) {
    throw new ArmError("ParentResourceNotFound", `${id} cannot be made: its parent ${parent} is not there`);
  }
}

/** The resources that use this one or a part of it, and are no part of it themselves. */
export function usersOf(state: State, id: string): readonly Entry[] {
  return state.entries.filter(
    (entry) => !isWithin(entry.id, id) && referencesOf(entry).some((reference) => isWithin(reference, id)),
  );
}

function referencesOf(entry: Entry): readonly string[] {
  const type = catalogue.find(({ token }) => token === entry.token);
  return (type?.references?.(entry.inputs) ?? []).map(({ id }) => id);
}
