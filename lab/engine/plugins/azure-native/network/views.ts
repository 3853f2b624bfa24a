/** The network as the state has it, with what is listed inline and what is a resource of its own side by side. */
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type { Entry, State } from "../core/state.ts";
import { lastPart, parentOf, sameId } from "../core/ids.ts";
import { list, text } from "../core/values.ts";
import { parseBlock, type Block } from "./address.ts";

export interface SubnetView {
  readonly id: string;
  readonly name: string;
  readonly block: Block;
  readonly properties: Properties;
}

export function subnetsOf(network: Pick<Entry, "id" | "inputs">, state: State): readonly SubnetView[] {
  const inline = list(network.inputs, "subnets").map((subnet) =>
    subnetView(`${network.id}/subnets/${text(subnet, "name") ?? ""}`, subnet as Properties),
  );
  const own = state
    .within(network.id)
    .filter(({ type }) => type === "Microsoft.Network/virtualNetworks/subnets")
    .map(({ id, inputs }) => subnetView(id, inputs));
  return [...inline, ...own];
}

function subnetView(id: string, properties: Properties): SubnetView {
  return { id, name: lastPart(id), block: parseBlock(text(properties, "addressPrefix") ?? ""), properties };
}

export function subnetOutputs({ id, name, properties }: SubnetView): Properties {
  return { ...properties, id, name, provisioningState: "Succeeded", type: "Microsoft.Network/virtualNetworks/subnets" };
}

export function networkOf(subnetId: string, state: State): Entry | undefined {
  const parent = parentOf(subnetId);
  return parent === undefined ? undefined : state.find(parent);
}

export function findSubnet(id: string, state: State): SubnetView | undefined {
  const network = networkOf(id, state);
  return network && subnetsOf(network, state).find((subnet) => sameId(subnet.id, id));
}

/** The rules of a group: those that it lists and those that are resources. */
export function rulesOf(group: Pick<Entry, "id" | "inputs">, state: State): readonly Properties[] {
  const own = state
    .within(group.id)
    .filter(({ type }) => type === "Microsoft.Network/networkSecurityGroups/securityRules")
    .map(({ id, inputs }) => ({ ...inputs, name: lastPart(id) }));
  return [...(list(group.inputs, "securityRules") as Properties[]), ...own];
}

/** The private addresses that are taken in a subnet, without those of one interface. */
export function takenAddresses(subnetId: string, state: State, except: string): readonly string[] {
  return state.ofType("Microsoft.Network/networkInterfaces").flatMap((entry) => {
    if (sameId(entry.id, except)) return [];
    return list(entry.outputs, "ipConfigurations").flatMap((configuration) => {
      const address = text(configuration, "privateIPAddress");
      return address !== undefined && sameId(text(configuration, "subnet", "id") ?? "", subnetId) ? [address] : [];
    });
  });
}
