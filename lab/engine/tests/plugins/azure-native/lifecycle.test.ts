import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fabric } from "@garrison/fabric/fabric.ts";
import { good, groupId, inGroup, networkOf, openSubscription, type Subscription } from "./subscription.ts";

let azure: Subscription;
let edit: (fabric: Fabric) => Partial<Fabric> = () => ({});
beforeEach(async () => {
  edit = () => ({});
  azure = await openSubscription((fabric) => edit(fabric));
});
afterEach(() => azure.dispose());

const entries = async () => (await azure.run.store().look()).entries.map(({ id }) => id.split("/").at(-1)).sort();

const makeNetwork = () => networkOf(azure);

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

test("what every resource tells of itself", async () => {
  const { network } = await makeNetwork();
  expect(network.outputs).toMatchObject({
    name: "net",
    type: "Microsoft.Network/virtualNetworks",
    location: "westeurope",
    provisioningState: "Succeeded",
    azureApiVersion: "2024-05-01",
  });
  expect((await azure.read(network))?.subnets).toMatchObject([{ name: "front", addressPrefix: "10.20.1.0/29" }]);
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
  test("what was to be made is not in the state, and what was to be changed is as before", async () => {
    const { subnet } = await makeNetwork();
    edit = () => ({ applyNetwork: () => Promise.reject(new Error("no bridge")) });
    const run = azure.anotherRun();
    await expect(azure.make("network:PublicIPAddress", good.address, { run })).rejects.toThrow("no bridge");
    expect(await entries()).toEqual(["front", "g", "net"]);
    expect(subnet.outputs.name).toBe("front");
  });

  test("what could not be changed is as before", async () => {
    const { subnet } = await makeNetwork();
    const rules = await azure.make("network:NetworkSecurityGroup", good.rules);
    edit = (fabric) => ({
      applyNetwork: (facts) =>
        facts.securityGroups[0]?.rules.length === 0 ? fabric.applyNetwork(facts) : Promise.reject(new Error("no rule")),
    });
    const changed = { ...rules.inputs, securityRules: [good.rule] };
    await expect(azure.change(rules, changed)).rejects.toThrow("no rule");
    expect((await azure.run.store().look()).find(rules.id)?.inputs.securityRules).toEqual([]);
    await azure.change(subnet, subnet.inputs);
  });

  test("a machine that cannot be made leaves its interface free", async () => {
    edit = () => ({ createMachine: () => Promise.reject(new Error("no room")) });
    await expect(makeMachine()).rejects.toThrow("no room");
    expect(await entries()).toEqual(["front", "g", "net", "nic"]);
  });

  test("a machine whose making was cut off is made anew, and keeps nobody from taking down", async () => {
    const { nic, machine } = await makeMachine();
    await azure.run.store().change(async (state) => {
      const entry = state.find(machine.id);
      if (entry) await state.put({ ...entry, pending: true });
    });
    expect(await azure.read(machine)).toBeUndefined();
    // The engine may still have what a replacement was to follow.
    azure.run.plan.add(machine.id, "azure-native:compute:VirtualMachine", machine.inputs, true);
    const again = await azure.make("compute:VirtualMachine", machine.inputs);
    expect(again.outputs.vmId).not.toBe(machine.outputs.vmId);
    expect((await azure.recorded()).calls.filter((call) => call.startsWith("create"))).toHaveLength(2);
    await azure.run.store().change(async (state) => {
      const entry = state.find(machine.id);
      if (entry) await state.put({ ...entry, pending: true });
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
