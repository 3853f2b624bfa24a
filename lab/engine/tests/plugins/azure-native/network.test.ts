import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { good, inGroup, networkOf, openSubscription, type Subscription } from "./subscription.ts";

let azure: Subscription;
beforeEach(async () => {
  azure = await openSubscription();
});
afterEach(() => azure.dispose());

const makeNetwork = () => networkOf(azure);

describe("addresses", () => {
  test("are the first that Azure does not keep, and one that is given back is given again", async () => {
    await makeNetwork();
    const make = async (name: string) =>
      azure.make("network:NetworkInterface", { ...good.nic, networkInterfaceName: name }, { name });
    const [first, second, third] = [await make("a"), await make("b"), await make("c")];
    const address = ({ outputs }: { outputs: Record<string, unknown> }) =>
      (outputs.ipConfigurations as { privateIPAddress: string }[])[0]?.privateIPAddress;
    expect([first, second, third].map(address)).toEqual(["10.20.1.4", "10.20.1.5", "10.20.1.6"]);
    await expect(make("d")).rejects.toThrow("is full");
    await azure.remove(second);
    expect(address(await make("e"))).toBe("10.20.1.5");
    expect(address({ outputs: (await azure.read(third)) ?? {} })).toBe("10.20.1.6");
  });

  test.each([
    ["10.20.2.4", "PrivateIPAddressNotInSubnet"],
    ["10.20.1.3", "PrivateIPAddressInReservedRange"],
    ["10.20.1.7", "PrivateIPAddressInReservedRange"],
    ["10.20.1.5", "is taken"],
  ])("%s is refused: %s", async (privateIPAddress, reason) => {
    await makeNetwork();
    const request = (address: string) => ({
      ...good.nic,
      networkInterfaceName: `n${address}`,
      ipConfigurations: [
        { ...good.nic.ipConfigurations[0], privateIPAllocationMethod: "Static", privateIPAddress: address },
      ],
    });
    await azure.make("network:NetworkInterface", { ...request("10.20.1.5"), networkInterfaceName: "first" });
    await expect(azure.make("network:NetworkInterface", request(privateIPAddress))).rejects.toThrow(reason);
  });

  test("a public one stays what it is, whatever is free by now", async () => {
    await makeNetwork();
    const address = await azure.make("network:PublicIPAddress", good.address);
    await azure.run.store().change(async (state) => {
      const entry = state.find(address.id);
      if (entry) await state.put({ ...entry, outputs: { ...entry.outputs, ipAddress: "198.51.100.250" } });
    });
    const changed = await azure.change(address, { ...address.inputs, idleTimeoutInMinutes: 10 });
    expect(changed.ipAddress).toBe("198.51.100.250");
  });

  test("a public one belongs to one", async () => {
    await makeNetwork();
    const address = await azure.make("network:PublicIPAddress", good.address);
    const nic = (name: string) => ({
      ...good.nic,
      networkInterfaceName: name,
      ipConfigurations: [{ ...good.nic.ipConfigurations[0], publicIPAddress: { id: address.id } }],
    });
    await azure.make("network:NetworkInterface", nic("a"));
    await expect(azure.make("network:NetworkInterface", nic("b"))).rejects.toThrow("is used by");
  });
});

describe("a subnet", () => {
  test("outside of its network's space, over another, and a space that would leave it out", async () => {
    const { network } = await makeNetwork();
    const run = azure.anotherRun();
    const other = (addressPrefix: string) =>
      azure.make("network:Subnet", { ...good.subnet, subnetName: "other", addressPrefix }, { run });
    await expect(other("10.21.0.0/24")).rejects.toThrow("NetcfgInvalidSubnet");
    await expect(other("10.20.1.0/24")).rejects.toThrow("NetcfgSubnetRangesOverlap");
    const smaller = { ...network.inputs, addressSpace: { addressPrefixes: ["10.20.4.0/22"] } };
    await expect(azure.change(network, smaller)).rejects.toThrow("NetcfgInvalidSubnet");
  });

  test("does not go with a network that lists its own", async () => {
    await azure.make("resources:ResourceGroup", good.group);
    const subnets = [{ name: "inline", addressPrefix: "10.20.9.0/24" }];
    await azure.make("network:VirtualNetwork", { ...good.network, subnets });
    await expect(azure.make("network:Subnet", good.subnet)).rejects.toThrow("lists no subnets itself");
    await expect(azure.make("network:Subnet", good.subnet, { run: azure.anotherRun() })).rejects.toThrow(
      "lists its subnets itself",
    );
  });
});

test("networks that overlap are not peered; those that do not are connected once both say so", async () => {
  await makeNetwork();
  const network = (name: string, prefix: string) =>
    azure.make("network:VirtualNetwork", {
      ...good.network,
      virtualNetworkName: name,
      addressSpace: { addressPrefixes: [prefix] },
    });
  const [far, over] = [await network("far", "10.40.0.0/16"), await network("over", "10.20.128.0/20")];
  const peer = (from: string, to: string) =>
    azure.make("network:VirtualNetworkPeering", {
      resourceGroupName: "g",
      virtualNetworkName: from,
      virtualNetworkPeeringName: `to-${to}`,
      remoteVirtualNetwork: { id: inGroup(`Microsoft.Network/virtualNetworks/${to}`) },
    });
  await expect(peer("net", "over")).rejects.toThrow("VnetAddressSpacesOverlap");
  const there = await peer("net", "far");
  expect(there.outputs.peeringState).toBe("Initiated");
  await peer("far", "net");
  expect((await azure.read(there))?.peeringState).toBe("Connected");
  const facts = (await azure.recorded()).network?.networks ?? [];
  expect(facts.find(({ id }) => id.endsWith("/net"))?.peers).toEqual([far.id.toLowerCase()]);
  expect(facts.find(({ id }) => id === over.id.toLowerCase())?.peers).toEqual([]);
});

test("two rules of one group and direction do not share a priority, whether listed or not", async () => {
  await azure.make("resources:ResourceGroup", good.group);
  await azure.make("network:NetworkSecurityGroup", good.rules);
  const rule = (securityRuleName: string, more = {}) => ({
    ...good.rule,
    resourceGroupName: "g",
    networkSecurityGroupName: "rules",
    securityRuleName,
    ...more,
  });
  await azure.make("network:SecurityRule", rule("a"));
  await expect(azure.make("network:SecurityRule", rule("b"))).rejects.toThrow("priority is 100, as of a");
  await expect(azure.make("network:SecurityRule", rule("b"), { run: azure.anotherRun() })).rejects.toThrow(
    "SecurityRuleConflict",
  );
  await azure.make("network:SecurityRule", rule("c", { direction: "Outbound" }));
  const [group] = (await azure.recorded()).network?.securityGroups ?? [];
  expect(group?.rules).toMatchObject([
    { name: "a", sources: ["203.0.113.7"], destinationPorts: ["22"], direction: "Inbound" },
    { name: "c", direction: "Outbound" },
  ]);
});
