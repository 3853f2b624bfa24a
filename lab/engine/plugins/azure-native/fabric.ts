import type { Fabric } from "../../../azure/fabric.ts";

/** The simulated Azure made of this host's machines, links and rules. */
export async function openFabric(tell: (detail: string) => void): Promise<Fabric> {
  // TODO-MERGE
  const module = "../../../azure/incus-fabric.ts";
  const loaded = (await import(module)) as { openFabric(tell: (detail: string) => void): Promise<Fabric> };
  return loaded.openFabric(tell);
}
