import type { Ledger } from "./books.ts";
import { lastPart, parentOf, sameId } from "./ids.ts";
import { list, text } from "./values.ts";

/** Whether there is such a resource, or a subnet that its network itself lists. */
export function exists(ledger: Ledger, id: string): boolean {
  if (ledger.find(id) !== undefined) return true;
  const parent = parentOf(id);
  const network = parent === undefined ? undefined : ledger.find(parent);
  return list(network?.inputs, "subnets").some((subnet) => sameId(text(subnet, "name") ?? "", lastPart(id)));
}
