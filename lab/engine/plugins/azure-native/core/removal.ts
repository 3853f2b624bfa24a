import type { Fabric } from "@garrison/fabric/fabric.ts";
import { catalogue } from "../catalogue.ts";
import { networkFacts } from "../facts/network.ts";
import { usersOf } from "./admission.ts";
import type { AzureType } from "./azure-type.ts";
import { ledgerOf, type Entry, type OpenLedger } from "./books.ts";
import { isWithin, lastPart } from "./ids.ts";
import { refuseLocked } from "./locks.ts";
import { ArmError } from "./problems.ts";
import { list, text } from "./values.ts";

/**
 * Removes a resource with all its parts: a group with what is in it, a network with its subnets. First from the host: what
 * is cut off in the middle is still in the books, and is removed by the next call.
 *
 * @throws ArmError when it is locked or in use
 */
export async function removeWithParts(ledger: OpenLedger, id: string, fabric: () => Promise<Fabric>): Promise<void> {
  refuseLocked(ledger, id, "delete");
  await refuseUsed(ledger, id, fabric);
  const parts = ledger.entries.filter((entry) => isWithin(entry.id, id));
  const doomed = new Set([...parts, ...parts.flatMap((entry) => companionsOf(ledger, entry))]);
  const having = (effect: AzureType["effect"]) => [...doomed].filter((entry) => effectOf(entry) === effect);
  for (const machine of having("machine")) await (await fabric()).removeMachine(machine.id.toLowerCase());
  for (const disk of having("disk")) await (await fabric()).removeDisk(disk.id.toLowerCase());
  if (having("network").length > 0) {
    const remaining = ledgerOf(ledger.entries.filter((entry) => !doomed.has(entry)));
    await (await fabric()).applyNetwork(networkFacts(remaining));
  }
  for (const entry of doomed) await ledger.remove(entry.id);
}

function effectOf({ token }: Entry): AzureType["effect"] {
  return catalogue.find((type) => type.token === token)?.effect;
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
