import { isUnknown, type Properties } from "@garrison/helpers/pulumi/values.ts";
import type { State } from "./state.ts";
import { groupOf, resourceId } from "./ids.ts";
import { ArmError, type Problems } from "./problems.ts";
import type { Run } from "./run.ts";
import { text } from "./values.ts";

const groupTemplate = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";

/**
 * Fills in what the program leaves out, as the official plugin does: the provider's own region, else that of the group
 * where this program has it.
 */
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
  if (found !== undefined) inputs.location = found;
}

/** The inputs with a region: the group's, where they have none themselves. */
export function located(inputs: Properties, id: string, state: State): Properties {
  if (text(inputs, "location") !== undefined) return inputs;
  const group = groupOf(id);
  const location = group === undefined ? undefined : text(state.find(group)?.inputs, "location");
  if (location === undefined) throw new ArmError("LocationRequired", `${id} has no location, nor has its group`);
  return { ...inputs, location };
}

/** `West Europe` and `westeurope` are the same region. */
export function normalLocation(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}
