import { isUnknown, type Properties } from "../../../provider/values.ts";
import { resourceId } from "./ids.ts";
import type { Problems } from "./problems.ts";
import type { Run } from "./run.ts";
import { text } from "./values.ts";

const groupTemplate = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";

/** Fills in what the program leaves out, as the official plugin does: the provider's own region, else the group's. */
export function fillInLocation(run: Run, inputs: Properties, old: Properties, problems: Problems): void {
  if (isUnknown(inputs.location)) return;
  const location = text(inputs, "location");
  if (location !== undefined) {
    if (!/^[a-z0-9]{3,}$/.test(normalLocation(location))) {
      problems.add("location", JSON.stringify(location), "a region of Azure, such as germanywestcentral");
    }
    return;
  }
  if (isUnknown(inputs.resourceGroupName)) return;
  const group = resourceId(groupTemplate, inputs, run.account.subscriptionId);
  const planned = group === undefined ? undefined : run.plan.find(group);
  const found = run.account.location ?? text(planned?.inputs, "location") ?? text(old, "location");
  if (found === undefined) problems.add("location", "missing", "a region, here or in the provider's settings");
  else inputs.location = found;
}

/** `West Europe` and `westeurope` are the same region. */
export function normalLocation(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}
