import type { Fabric } from "@garrison/fabric/fabric.ts";
import { catalogue } from "../catalogue.ts";
import { networkFacts } from "../facts/network.ts";
import { usersOf } from "./admission.ts";
import type { AzureType } from "./azure-type.ts";
import { stateOf, type Entry, type OpenState } from "./state.ts";
import { isWithin, lastPart } from "./ids.ts";
import { refuseLocked } from "./locks.ts";
import { ArmError } from "./problems.ts";
import { list, text } from "./values.ts";

/**
 * Removes a resource with all its parts: a group with what is in it, a network with its subnets. First from the host: what
 * is cut off in the middle is still in the state, and is removed by the next call.
 *
 * @throws ArmError when it is locked or in use
 */
export async function removeWithParts(state: OpenState, id: string, fabric: () => Promise<Fabric>): Promise<void> {
  refuseLocked(state, id, "delete");
  await refuseUsed(state, id, fabric);
  const parts = state.entries.filter((entry) => isWithin(entry.id, id));
  const doomed = new Set([...parts, ...parts.flatMap((entry) => companionsOf(state, entry))]);
  const having = (effect: AzureType["effect"]) => [...doomed].filter((entry) => effectOf(entry) === effect);
  for (const machine of having("machine")) await (await fabric()).removeMachine(machine.id.toLowerCase());
  for (const disk of having("disk")) await (await fabric()).removeDisk(disk.id.toLowerCase());
  if (having("network").length > 0) {
    const remaining = stateOf(state.entries.filter((entry) => !doomed.has(entry)));
    await (await fabric()).applyNetwork(networkFacts(remaining));
  }
  for (const entry of doomed) await state.remove(entry.id);
}

function effectOf({ token }: Entry): AzureType["effect"] {
  return catalogue.find((type) => type.token === token)?.effect;
}

async function refuseUsed(state: OpenState, id: string, fabric: () => Promise<Fabric>): Promise<void> {
  const users = usersOf(state, id);
  const code = catalogue.find(({ token }) => token === state.find(id)?.token)?.inUseCode;
  const [user] = users.filter(({ pending }) => pending !== true);
  if (user !== undefined) {
    throw new ArmError(code, `${lastPart(id)} cannot be deleted: ${user.id} uses it`);
  }
  // Work that was cut off, of which the engine knows nothing: nobody else would take it away.
  for (const leftover of users) {
    await (await fabric()).removeMachine(leftover.id.toLowerCase());
    await state.remove(leftover.id);
  }
}

/** What goes with a machine because it says so (`deleteOption`). */
function companionsOf(state: OpenState, { inputs }: Entry): readonly Entry[] {
  const named = [
    ...list(inputs, "networkProfile", "networkInterfaces").map((one) => ({ one, id: text(one, "id") })),
    ...list(inputs, "storageProfile", "dataDisks").map((one) => ({ one, id: text(one, "managedDisk", "id") })),
  ];
  return named.flatMap(({ one, id }) => {
    const entry = id !== undefined && text(one, "deleteOption") === "Delete" ? state.find(id) : undefined;
    return entry === undefined ? [] : [entry];
  });
}
