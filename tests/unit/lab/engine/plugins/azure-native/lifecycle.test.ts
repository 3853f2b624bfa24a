import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fabric } from "../../../../../../lab/azure/fabric.ts";
import { good, groupId, inGroup, openSubscription, type Subscription } from "./subscription.ts";

let azure: Subscription;
let edit: (fabric: Fabric) => Partial<Fabric> = () => ({});
beforeEach(async () => {
  edit = () => ({});
  azure = await openSubscription((fabric) => edit(fabric));
});
afterEach(() => azure.dispose());

const entries = async () => (await azure.run.books().look()).entries.map(({ id }) => id.split("/").at(-1)).sort();

async function makeNetwork() {
  const group = await azure.make("resources:ResourceGroup", good.group);
  const network = await azure.make("network:VirtualNetwork", good.network);
  const subnet = await azure.make("network:Subnet", good.subnet);
  return { group, network, subnet };
}

async function makeMachine(inputs = {}) {
  const others = await makeNetwork();
  const nic = await azure.make("network:NetworkInterface", good.nic);
  const machine = await azure.make("compute:VirtualMachine", { ...good.machine, ...inputs });
  return { ...others, nic, machine };
}

describe("what is not there", () => {
  test("a group", async () => {
    await expect(azure.make("network:VirtualNetwork", { ...good.network, location: "westeurope" })).rejects.toThrow(
      "ResourceGroupNotFound",
    );
  });

  test("a region, with the group's when a run does not have the group itself", async () => {
    await azure.make("resources:ResourceGroup", good.group);
    const network = await azure.make("network:VirtualNetwork", good.network, { run: azure.anotherRun() });
    expect(network.outputs.location).toBe("westeurope");
  });

  test("a parent", async () => {
    await azure.make("resources:ResourceGroup", good.group);
    await expect(azure.make("network:Subnet", good.subnet)).rejects.toThrow("ParentResourceNotFound");
  });

  test("what is referred to, and what is of another type", async () => {
    const { network } = await makeNetwork();
    const group = (id: string) => ({
      ...good.subnet,
      subnetName: "other",
      addressPrefix: "10.20.2.0/24",
      networkSecurityGroup: { id },
    });
    const missing = inGroup("Microsoft.Network/networkSecurityGroups/none");
    await expect(azure.make("network:Subnet", group(missing))).rejects.toThrow("InvalidResourceReference");
    await expect(azure.make("network:Subnet", group(network.id))).rejects.toThrow("InvalidResourceReference");
    const rules = await azure.make("network:NetworkSecurityGroup", good.rules);
    await azure.make("network:Subnet", group(rules.id.toUpperCase()));
  });

  test("the scope of a lock", async () => {
    const lock = { scope: groupId, lockName: "keep", level: "CanNotDelete" };
    await expect(azure.make("authorization:ManagementLockByScope", lock)).rejects.toThrow("ResourceGroupNotFound");
    await azure.make("resources:ResourceGroup", good.group);
    const deeper = { ...lock, scope: inGroup("Microsoft.Network/virtualNetworks/none") };
    await expect(azure.make("authorization:ManagementLockByScope", deeper)).rejects.toThrow("ResourceNotFound");
    await azure.make("authorization:ManagementLockByScope", lock);
  });
});

describe("what is there already", () => {
  test("is not made twice, whatever the case of its name", async () => {
    await makeNetwork();
    const again = { ...good.network, virtualNetworkName: "NET" };
    await expect(azure.make("network:VirtualNetwork", again, { name: "other" })).rejects.toThrow(
      "cannot create already existing resource",
    );
  });

  test("is taken over when it was made for the same resource and the engine never heard of it", async () => {
    await makeNetwork();
    const address = await azure.make("network:PublicIPAddress", good.address);
    const again = await azure.make("network:PublicIPAddress", good.address, { run: azure.anotherRun() });
    expect(again.outputs.ipAddress).toBe(address.outputs.ipAddress);
  });

  test("is not taken over while the engine has it", async () => {
    await makeNetwork();
    const run = azure.anotherRun();
    run.plan.add(inGroup("Microsoft.Network/virtualNetworks/net"), "azure-native:network:VirtualNetwork", {}, true);
    await expect(azure.make("network:VirtualNetwork", good.network, { run })).rejects.toThrow("already existing");
  });
});

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
    const wish = (address: string) => ({
      ...good.nic,
      networkInterfaceName: `n${address}`,
      ipConfigurations: [
        { ...good.nic.ipConfigurations[0], privateIPAllocationMethod: "Static", privateIPAddress: address },
      ],
    });
    await azure.make("network:NetworkInterface", { ...wish("10.20.1.5"), networkInterfaceName: "first" });
    await expect(azure.make("network:NetworkInterface", wish(privateIPAddress))).rejects.toThrow(reason);
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

describe("what is used", () => {
  test.each([
    ["nic", "NicInUse"],
    ["subnet", "InUseSubnetCannotBeDeleted"],
    ["network", "InUseSubnetCannotBeDeleted"],
  ] as const)("a %s is not deleted: %s", async (name, code) => {
    const made = await makeMachine();
    await expect(azure.remove(made[name])).rejects.toThrow(code);
  });

  test("deleting twice is fine", async () => {
    const { machine } = await makeMachine();
    await azure.remove(machine);
    await azure.remove(machine);
    expect((await azure.recorded()).machines).toEqual({});
  });

  test("a group takes everything along, machines first", async () => {
    const disk = inGroup("Microsoft.Compute/disks/data");
    const { group } = await makeMachine();
    await azure.make("compute:Disk", good.disk);
    await azure.remove(group);
    expect(await entries()).toEqual([]);
    const { calls, network } = await azure.recorded();
    expect(calls.slice(-2)).toEqual([expect.stringContaining("virtualmachines/web"), `remove ${disk.toLowerCase()}`]);
    expect(Object.values(network ?? {}).flat()).toEqual([]);
  });

  test("an interface that says so goes with its machine", async () => {
    const networkInterfaces = [{ id: inGroup("Microsoft.Network/networkInterfaces/nic"), deleteOption: "Delete" }];
    const { machine } = await makeMachine({ networkProfile: { networkInterfaces } });
    await azure.remove(machine);
    expect(await entries()).toEqual(["front", "g", "net"]);
  });
});

describe("locks", () => {
  const lock = (level: string) => ({ resourceGroupName: "g", lockName: "keep", level });

  test("CanNotDelete refuses to delete inside its scope, and around it", async () => {
    const { group, subnet } = await makeNetwork();
    const made = await azure.make("authorization:ManagementLockAtResourceGroupLevel", lock("CanNotDelete"));
    await expect(azure.remove(subnet)).rejects.toThrow("ScopeLocked");
    await expect(azure.remove(group)).rejects.toThrow("ScopeLocked");
    await azure.change(subnet, { ...subnet.inputs, name: "front" });
    await azure.remove(made);
    await azure.remove(group);
  });

  test("ReadOnly refuses to change and to make as well", async () => {
    const { subnet } = await makeNetwork();
    await azure.make("authorization:ManagementLockAtResourceGroupLevel", lock("ReadOnly"));
    await expect(azure.change(subnet, { ...subnet.inputs, name: "front" })).rejects.toThrow("ScopeLocked");
    await expect(azure.make("network:PublicIPAddress", good.address)).rejects.toThrow("ScopeLocked");
  });
});

describe("when the host says no", () => {
  test("what was to be made is not in the books, and what was to be changed is as before", async () => {
    const { subnet } = await makeNetwork();
    edit = () => ({ applyNetwork: () => Promise.reject(new Error("no bridge")) });
    const run = azure.anotherRun();
    await expect(azure.make("network:PublicIPAddress", good.address, { run })).rejects.toThrow("no bridge");
    expect(await entries()).toEqual(["front", "g", "net"]);
    expect(subnet.outputs.name).toBe("front");
  });

  test("a machine that cannot be made leaves its interface free", async () => {
    edit = () => ({ createMachine: () => Promise.reject(new Error("no room")) });
    await expect(makeMachine()).rejects.toThrow("no room");
    expect(await entries()).toEqual(["front", "g", "net", "nic"]);
  });

  test("a machine whose making was cut off is made anew, and keeps nobody from taking down", async () => {
    const { nic, machine } = await makeMachine();
    await azure.run.books().change(async (ledger) => {
      const entry = ledger.find(machine.id);
      if (entry) await ledger.put({ ...entry, pending: true });
    });
    expect(await azure.read(machine)).toBeUndefined();
    await azure.make("compute:VirtualMachine", machine.inputs);
    expect((await azure.recorded()).calls.filter((call) => call.startsWith("create"))).toHaveLength(2);
    await azure.run.books().change(async (ledger) => {
      const entry = ledger.find(machine.id);
      if (entry) await ledger.put({ ...entry, pending: true });
    });
    await azure.remove(nic);
    expect((await azure.recorded()).machines).toEqual({});
  });
});

describe("a change", () => {
  test.each([
    ["customData", { osProfile: { ...good.machine.osProfile, customData: "Zm9v" } }],
    ["adminUsername", { osProfile: { ...good.machine.osProfile, adminUsername: "other" } }],
    ["zones", { zones: ["1"] }],
  ])("of %s is refused as in Azure", async (_name, change) => {
    const { machine } = await makeMachine();
    await expect(azure.change(machine, { ...machine.inputs, ...change })).rejects.toThrow("PropertyChangeNotAllowed");
  });

  test("of a size changes the machine, one of a tag does not", async () => {
    const { machine } = await makeMachine();
    await azure.change(machine, { ...machine.inputs, tags: { a: "b" } });
    await azure.change(machine, { ...machine.inputs, hardwareProfile: { vmSize: "Standard_D2s_v5" } });
    expect((await azure.recorded()).calls.map((call) => call.split(" ")[0])).toEqual(["create", "update"]);
  });

  test("a machine keeps its number through changes, and another one of its name has another", async () => {
    const { machine } = await makeMachine();
    const changed = await azure.change(machine, { ...machine.inputs, tags: { a: "b" } });
    expect(changed.vmId).toBe(machine.outputs.vmId);
    await azure.remove(machine);
    const again = await azure.make("compute:VirtualMachine", machine.inputs);
    expect(again.id).toBe(machine.id);
    expect(again.outputs.vmId).not.toBe(machine.outputs.vmId);
  });

  test("of what is gone says so", async () => {
    const { subnet } = await makeNetwork();
    await azure.remove(subnet);
    await expect(azure.change(subnet, subnet.inputs)).rejects.toThrow("ResourceNotFound");
  });

  test("a disk grows, does not shrink, and does neither while a machine has it", async () => {
    await azure.make("resources:ResourceGroup", good.group);
    const disk = await azure.make("compute:Disk", good.disk);
    await azure.change(disk, { ...disk.inputs, diskSizeGB: 128 });
    expect(Object.values((await azure.recorded()).disks)).toEqual([{ id: disk.id.toLowerCase(), sizeGiB: 128 }]);
    await expect(azure.change(disk, { ...disk.inputs, diskSizeGB: 64 })).rejects.toThrow("a disk only grows");
  });

  test("purge protection stays", async () => {
    await azure.make("resources:ResourceGroup", good.group);
    const properties = { tenantId: "00000000-0000-4000-8000-000000000002", sku: { family: "A", name: "standard" } };
    const inputs = {
      resourceGroupName: "g",
      vaultName: "keys-1",
      properties: { ...properties, enablePurgeProtection: true },
    };
    const vault = await azure.make("keyvault:Vault", inputs);
    expect(vault.outputs.properties).toMatchObject({ vaultUri: "https://keys-1.vault.azure.net/" });
    await expect(azure.change(vault, { ...vault.inputs, properties })).rejects.toThrow("cannot be switched off");
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
