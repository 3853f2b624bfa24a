import type { Fabric } from "../../../azure/fabric.ts";

/** The simulated Azure made of this host's machines, links and rules. Loaded when it is needed: a preview never does. */
export async function openFabric(tell: (detail: string) => void): Promise<Fabric> {
  const fabric = await import("../../../azure/incus-fabric.ts");
  return fabric.openFabric(tell);
}
