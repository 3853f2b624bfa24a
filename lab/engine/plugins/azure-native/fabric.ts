import type { Fabric, OpenFabric } from "@garrison/fabric/fabric.ts";
import { fabricVariable } from "#install.ts";

/**
 * The simulated Azure made of this host's machines, links and rules, by the module that whoever installed the engine
 * named. Loaded when it is needed: a preview never does.
 */
export async function openFabric(tell: (detail: string) => void): Promise<Fabric> {
  const file = process.env[fabricVariable];
  if (file === undefined) throw new Error(`${fabricVariable} names no module that makes machines of this host`);
  const fabric = (await import(file)) as { readonly openFabric: OpenFabric };
  return fabric.openFabric(tell);
}
