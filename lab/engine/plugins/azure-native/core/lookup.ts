import type { State } from "./state.ts";
import { lastPart, parentOf, sameId } from "./ids.ts";
import { list, text } from "./values.ts";

/** Whether there is such a resource, or a subnet that its network itself lists. */
export function exists(state: State, id: string): boolean {
  if (state.find(id) !== undefined) return true;
  const parent = parentOf(id);
  const network = parent === undefined ? undefined : state.find(parent);
  return list(network?.inputs, "subnets").some((subnet) => sameId(text(subnet, "name") ?? "", lastPart(id)));
}
