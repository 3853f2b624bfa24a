import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRecorded } from "#lab/fabric/recording-fabric.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";

const recordingFabric = resolve(import.meta.dirname, "../../lab/fabric/recording-fabric.ts");
const yes = ["--yes", "--skip-preview"];
const imports = `
import * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as compute from "@pulumi/azure-native/compute/index.js";
import * as network from "@pulumi/azure-native/network/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
`;

let engine: TestEngine;
let recordedFile: string;

beforeAll(async () => {
  engine = await makeEngine({ program: "" });
  recordedFile = join(engine.project, "fabric.json");
});
afterAll(() => engine.dispose());

const run = async (args: readonly string[], body?: string) => {
  if (body !== undefined) await engine.setProgram(imports + body);
  return engine.pulumi(args, { env: { GARRISON_FABRIC: recordingFabric, RECORDED_FABRIC: recordedFile } });
};
const up = async (body: string, ...more: string[]) => {
  const done = await run(["up", ...yes, ...more], body);
  expect(done.exitCode, done.output).toBe(0);
  return done;
};
const recorded = () => readRecorded(recordedFile);
const azureState = async () => {
  const directory = join(engine.environment.HOME ?? "", ".local/state/garrison/lab-machines/azure");
  const files = await readdir(directory).catch(() => []);
  return Promise.all(files.map((name) => readFile(join(directory, name), "utf8")));
};

const customData = (text: string) => Buffer.from(`#cloud-config\n# ${text}\n`).toString("base64");
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJqz0pW9Ck8vQj2n1mVbEwq7mZ0l8vYJf7n8T1m6wzqA operator";

interface Request {
  readonly size?: string;
  readonly secret?: string;
  readonly port?: string;
  readonly more?: string;
  readonly options?: string;
}

/** A machine with all that it takes. */
const estate = ({
  size = "Standard_F16s_v2",
  secret = "first",
  port = "22",
  more = "",
  options = "{}",
}: Request = {}) => `
const group = new resources.ResourceGroup("web", { location: "germanywestcentral" });
const resourceGroupName = group.name;
const rules = new network.NetworkSecurityGroup("rules", { resourceGroupName, securityRules: [{
  name: "operator", priority: 100, direction: "Inbound", access: "Allow", protocol: "Tcp",
  sourceAddressPrefix: "203.0.113.7", sourcePortRange: "*", destinationAddressPrefix: "*", destinationPortRange: "${port}" }] });
const net = new network.VirtualNetwork("net", { resourceGroupName, addressSpace: { addressPrefixes: ["10.20.0.0/16"] } });
const subnet = new network.Subnet("front", { resourceGroupName, virtualNetworkName: net.name, addressPrefix: "10.20.1.0/24",
  networkSecurityGroup: { id: rules.id }, defaultOutboundAccess: false });
const address = new network.PublicIPAddress("address", { resourceGroupName, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" });
const nic = new network.NetworkInterface("nic", { resourceGroupName, ipConfigurations: [{ name: "main", subnet: { id: subnet.id },
  publicIPAddress: { id: address.id } }] });
const data = new compute.Disk("data", { resourceGroupName, creationData: { createOption: "Empty" }, diskSizeGB: 64, sku: { name: "Premium_LRS" } });
const machine = new compute.VirtualMachine("machine", { resourceGroupName, hardwareProfile: { vmSize: "${size}" },
  storageProfile: { imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "24.04.202504030" },
    osDisk: { createOption: "FromImage", diskSizeGB: 64, managedDisk: { storageAccountType: "Premium_LRS" } },
    dataDisks: [{ lun: 0, createOption: "Attach", managedDisk: { id: data.id } }] },
  osProfile: { computerName: "web", adminUsername: "keeper", customData: "${customData(secret)}", linuxConfiguration: {
    disablePasswordAuthentication: true, ssh: { publicKeys: [{ path: "/home/keeper/.ssh/authorized_keys", keyData: "${key}" }] } } },
  networkProfile: { networkInterfaces: [{ id: nic.id, primary: true }] } }, ${options});
export const where = { public: address.ipAddress, private: nic.ipConfigurations.apply((all) => all?.[0]?.privateIPAddress) };
${more}`;

const lock = `new authorization.ManagementLockByScope("keep", { scope: group.id, level: "CanNotDelete" }, { dependsOn: machine });`;
const madeAnew = '{ replaceOnChanges: ["osProfile.customData"], deleteBeforeReplace: true }';

describe("a machine with all that it takes", () => {
  test("a preview makes nothing, and knows what is not known", async () => {
    const preview = await run(["preview"], estate());
    expect(preview.exitCode, preview.output).toBe(0);
    expect(preview.output).toContain("[unknown]");
    expect(await azureState()).toEqual([]);
    expect((await recorded()).calls).toEqual([]);
  });

  test("up makes it, and a second up changes nothing", async () => {
    await up(estate());
    const { network, machines, disks } = await recorded();
    const [machine] = Object.values(machines);
    expect(machine).toMatchObject({
      computerName: "web",
      adminUsername: "keeper",
      adminKeys: [key],
      customData: "#cloud-config\n# first\n",
      size: { name: "Standard_F16s_v2", memoryMiB: 32_768, cpus: 16 },
      osDiskGiB: 64,
    });
    expect(Object.values(disks)).toEqual([{ id: machine?.dataDisks[0]?.disk, sizeGiB: 64 }]);
    const [nic] = network?.interfaces ?? [];
    expect(machine?.interfaces).toEqual([nic?.id]);
    expect(nic).toMatchObject({ address: "10.20.1.4", publicAddress: network?.publicAddresses[0]?.id });
    expect(network?.networks[0]?.subnets).toMatchObject([
      { prefix: "10.20.1.0/24", defaultOutbound: false, securityGroup: network?.securityGroups[0]?.id },
    ]);
    const shown = await run(["stack", "output", "--json"]);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      where: { public: network?.publicAddresses[0]?.address, private: "10.20.1.4" },
    });
    expect((await up(estate())).output).toContain("9 unchanged");
  });

  test("what the machine was born with is neither in the lab's state nor in Pulumi's", async () => {
    const secret = customData("first");
    expect((await azureState()).length).toBe(8);
    expect((await azureState()).join("\n")).not.toContain(secret);
    expect(JSON.stringify(await engine.resources())).not.toContain(secret);
    expect(JSON.stringify(await engine.resources({ showSecrets: true }))).toContain(secret);
  });

  test("rules and size change in place", async () => {
    const made = (await recorded()).calls.length;
    const changed = await up(estate({ port: "2222" }));
    expect(changed.output).toContain("1 updated");
    expect((await recorded()).network?.securityGroups[0]?.rules[0]?.destinationPorts).toEqual(["2222"]);
    expect((await recorded()).calls).toHaveLength(made);
    const resized = await up(estate({ port: "2222", size: "Standard_D16ls_v5" }));
    expect(resized.output).toContain("1 updated");
    expect((await recorded()).calls.slice(made)).toEqual([expect.stringMatching(/^update .*virtualmachines/)]);
  });

  test("custom data is not changed, as in Azure; a program can have the machine made anew", async () => {
    const before = (await recorded()).calls.length;
    const request = { port: "2222", size: "Standard_D16ls_v5", secret: "second" };
    const refused = await run(["preview"], estate(request));
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain(
      `Code="PropertyChangeNotAllowed" Changing property 'osProfile.customData' is not allowed`,
    );
    expect(refused.output).toContain('replaceOnChanges: ["osProfile.customData"]');
    expect((await up(estate({ ...request, options: madeAnew }))).output).toContain("1 replaced");
    expect((await recorded()).calls.slice(before)).toEqual([
      expect.stringMatching(/^remove .*virtualmachines/),
      expect.stringMatching(/^create .*virtualmachines/),
    ]);
    expect(Object.values((await recorded()).machines)).toMatchObject([{ customData: "#cloud-config\n# second\n" }]);
  });

  test("a refresh finds out that the machine is gone, and up makes it again", async () => {
    const request = { port: "2222", size: "Standard_D16ls_v5", secret: "second" };
    expect((await run(["refresh", ...yes, "--expect-no-changes"])).exitCode).toBe(0);
    await writeFile(recordedFile, JSON.stringify({ ...(await recorded()), machines: {} }));
    const refresh = await run(["refresh", ...yes]);
    expect(refresh.output).toContain("1 deleted");
    const again = await up(estate({ ...request, more: lock }));
    expect(again.output).toContain("2 created");
    expect(Object.keys((await recorded()).machines)).toHaveLength(1);
  });

  test("a lock holds what is inside its scope", async () => {
    const another = { port: "2222", size: "Standard_D16ls_v5", secret: "third", more: lock, options: madeAnew };
    const refused = await run(["up", ...yes], estate(another));
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain('Code="ScopeLocked" The scope');
    expect(Object.keys((await recorded()).machines)).toHaveLength(1);
  });

  test("destroy leaves nothing in the state, and nothing of the fabric", async () => {
    const destroy = await run(["destroy", ...yes]);
    expect(destroy.exitCode, destroy.output).toBe(0);
    expect(await engine.resources()).toEqual([]);
    expect(await azureState()).toEqual([]);
    const { machines, disks, network } = await recorded();
    expect({ machines, disks }).toEqual({ machines: {}, disks: {} });
    expect(Object.values(network ?? {}).flat()).toEqual([]);
  });
});

describe("what cannot be", () => {
  test("every problem of a machine is told at once, and nothing is made", async () => {
    const wrong = await run(
      ["preview"],
      `new compute.VirtualMachine("machine", { resourceGroupName: "web", location: "germanywestcentral", vmName: "web_1",
         hardwareProfile: { vmSize: "Standard_Huge" }, zones: ["1", "2"],
         storageProfile: { imageReference: { publisher: "Canonical", offer: "ubuntu", sku: "server" }, osDisk: { createOption: "FromImage", diskSizeGB: 8 } },
         osProfile: { computerName: "web", adminUsername: "root", customData: "not base64", linuxConfiguration: { disablePasswordAuthentication: false } },
         networkProfile: { networkInterfaces: [] } });`,
    );
    expect(wrong.exitCode).not.toBe(0);
    for (const told of [
      'vmName is "web_1"; expected 1 to 64 letters',
      'hardwareProfile.vmSize is "Standard_Huge"; expected one of the sizes that the lab knows: Standard_B1s',
      "zones is several; expected one zone",
      "storageProfile.imageReference.version is missing",
      "storageProfile.osDisk.diskSizeGB is 8; expected a whole number from 30",
      'osProfile.adminUsername is "root"; expected a name that Azure does not keep for itself',
      "osProfile.customData is no Base64",
      "osProfile.linuxConfiguration.disablePasswordAuthentication is off",
      "osProfile.linuxConfiguration.ssh.publicKeys is missing",
      "networkProfile.networkInterfaces is missing",
    ]) {
      expect(wrong.output).toContain(told);
    }
    expect(wrong.output).not.toContain("not base64");
  });

  test("a subnet outside of its network is refused before there is one", async () => {
    const outside = await run(
      ["preview"],
      `const group = new resources.ResourceGroup("g", { location: "westeurope" });
       const resourceGroupName = group.name;
       const net = new network.VirtualNetwork("net", { resourceGroupName, addressSpace: { addressPrefixes: ["10.30.0.0/24"] } });
       new network.Subnet("one", { resourceGroupName, virtualNetworkName: net.name, addressPrefix: "10.31.0.0/28" });`,
    );
    expect(outside.output).toContain(
      "Subnet.addressPrefix is 10.31.0.0/28; expected a block inside its network's address space 10.30.0.0/24",
    );
    expect(outside.exitCode).not.toBe(0);
  });

  test("a type that the lab does not have is refused with those that it has", async () => {
    const asked = await run(["preview"], `new network.RouteTable("t", { resourceGroupName: "g" });`);
    expect(asked.exitCode).not.toBe(0);
    expect(asked.output).toContain("azure-native.network.RouteTable is not implemented by the lab plugin; it has: ");
    expect(asked.output).toContain("azure-native.network.VirtualNetwork");
  });

  test("an import is refused", async () => {
    const id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/g";
    const imported = await run(["import", "azure-native:resources:ResourceGroup", "g", id, "--yes"], "");
    expect(imported.exitCode).not.toBe(0);
    expect(imported.output).toContain("cannot be imported");
  });
});
