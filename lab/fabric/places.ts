import { join } from "node:path";
import { checkout, stateDirectory } from "@garrison/helpers/files/directories.ts";
import { documentationBlocks } from "./documentation-blocks.ts";

/** The module that makes the simulated Azure of this host's machines, links and rules. */
export const incusFabric = join(checkout, "lab/azure/incus-fabric.ts");

/**
 * Where the lab's internet has its addresses, and the simulated Azure its public ones; the host knows which of these lead to
 * a machine.
 */
export const [internetBlock, azureBlock] = documentationBlocks();

/** What must not be lost while the lab's machines are up. `lab-machines` is no name that an estate is likely to have. */
export function machinesDirectory(root = stateDirectory()): string {
  return join(root, "lab-machines");
}

/** The state of the simulated Azure: what its plugin has made. */
export function azureState(): string {
  return join(machinesDirectory(), "azure");
}
