import type { Fabric } from "../../../../azure/fabric.ts";
import { catalogue } from "../catalogue.ts";
import { usersOf } from "./admission.ts";
import type { AzureType } from "./azure-type.ts";
import type { Entry, OpenLedger } from "./books.ts";
import { isWithin, lastPart } from "./ids.ts";
import { refuseLocked } from "./locks.ts";
import { ArmError } from "./problems.ts";
import { list, text } from "./values.ts";

/**
 * Removes a resource with all its parts: a group with what is in it, a network with its subnets.
 *
 * @returns the types of what was removed
 * @throws ArmError when it is locked or in use
 */
export async function removeWithParts(
  ledger: OpenLedger,
  id: string,
  fabric: () => Promise<Fabric>,
): Promise<readonly AzureType[]> {
  refuseLocked(ledger, id, "delete");
  await refuseUsed(ledger, id, fabric);
  const doomed = ledger.entries.filter((entry) => isWithin(entry.id, id));
  const companions = doomed.flatMap((entry) => companionsOf(ledger, entry)).filter((entry) => !doomed.includes(entry));
  const removed: AzureType[] = [];
  // Machines before the disks and links that they hold.
  for (const effect of ["machine", "disk", "network", undefined] as const) {
    for (const entry of [...doomed, ...companions]) {
      const type = catalogue.find(({ token }) => token === entry.token);
      if (type?.effect !== effect) continue;
      if (effect === "machine") await (await fabric()).removeMachine(entry.id.toLowerCase());
      if (effect === "disk") await (await fabric()).removeDisk(entry.id.toLowerCase());
      await ledger.remove(entry.id);
      if (type !== undefined) removed.push(type);
    }
  }
  return removed;
}

async function refuseUsed(ledger: OpenLedger, id: string, fabric: () => Promise<Fabric>): Promise<void> {
  const users = usersOf(ledger, id);
  const code = catalogue.find(({ token }) => token === ledger.find(id)?.token)?.inUseCode;
  const [user] = users.filter(({ pending }) => pending !== true);
  if (user !== undefined) {
    throw new ArmError(code, `${lastPart(id)} cannot be deleted: ${user.id} uses it`);
  }
  // Work that was cut off, of which the engine knows nothing: nobody else would take it away.
  for (const leftover of users) {
    await (await fabric()).removeMachine(leftover.id.toLowerCase());
    await ledger.remove(leftover.id);
  }
}

/** What goes with a machine because it says so (`deleteOption`). */
function companionsOf(ledger: OpenLedger, { inputs }: Entry): readonly Entry[] {
  const named = [
    ...list(inputs, "networkProfile", "networkInterfaces").map((one) => ({ one, id: text(one, "id") })),
    ...list(inputs, "storageProfile", "dataDisks").map((one) => ({ one, id: text(one, "managedDisk", "id") })),
  ];
  return named.flatMap(({ one, id }) => {
    const entry = id !== undefined && text(one, "deleteOption") === "Delete" ? ledger.find(id) : undefined;
    return entry === undefined ? [] : [entry];
  });
}
