/** A simulated subscription in a directory of its own, spoken to without an engine. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fabric } from "@garrison/fabric/fabric.ts";
import { readRecorded, recordingFabric } from "@garrison/fabric/recording-fabric.ts";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { catalogue } from "#plugins/azure-native/catalogue.ts";
import { openState } from "#plugins/azure-native/core/state.ts";
import { azureResource } from "#plugins/azure-native/core/resource.ts";
import { newRun, type Run } from "#plugins/azure-native/core/run.ts";
import { azureSchema, declaredAt } from "#plugins/azure-native/core/schema.ts";
import type { Context } from "#provider/definition.ts";

export const subscription = "/subscriptions/00000000-0000-4000-8000-000000000001";
export const groupId = `${subscription}/resourceGroups/g`;
export const inGroup = (path: string) => `${groupId}/providers/${path}`;

interface Made {
  readonly token: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Subscription {
  readonly run: Run;
  /** Checks and makes it, as the engine would; throws what was found. */
  make(token: string, inputs: Properties, options?: { name?: string; run?: Run }): Promise<Made>;
  change(made: Made, inputs: Properties): Promise<Properties>;
  remove(made: Made): Promise<void>;
  read(made: Made): Promise<Properties | undefined>;
  recorded(): ReturnType<typeof readRecorded>;
  /** Another run of the plugin on the same state: it knows nothing of what the first one was shown. */
  anotherRun(): Run;
  dispose(): Promise<void>;
}

/** @param edit replaces calls of the fabric */
export async function openSubscription(edit: (fabric: Fabric) => Partial<Fabric> = () => ({})): Promise<Subscription> {
  const directory = await mkdtemp(join(tmpdir(), "garrison-azure-"));
  const file = join(directory, "fabric.json");
  const anotherRun = () => {
    const fabric = recordingFabric(file);
    return newRun({
      openFabric: () => Promise.resolve(edited(fabric, edit)),
      openState: () => openState(join(directory, "azure")),
    });
  };
  const run = anotherRun();
  const definition = (token: string, of = run) => {
    const type = catalogue.find((one) => one.token === `azure-native:${token}`);
    if (!type) throw new Error(`no ${token}`);
    return azureResource(of, type);
  };
  return {
    run,
    anotherRun,
    make: async (token, wanted, { name = "it", run: of = run } = {}) => {
      const inputs = { ...wanted };
      const failures = definition(token, of).check?.(inputs, {}) ?? [];
      if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
      const { id, outputs } = await definition(token, of).create(inputs, contextOf(token, name));
      return { token, id, inputs, outputs };
    },
    change: async ({ token, id, inputs: oldInputs, outputs }, inputs) => {
      definition(token).refuseUpdate?.({ oldInputs, inputs });
      const update = definition(token).update?.(id, { oldInputs, oldOutputs: outputs, inputs }, contextOf(token, "it"));
      return (await update) ?? {};
    },
    remove: async ({ token, id, inputs, outputs }) =>
      definition(token).delete?.(id, { inputs, outputs }, contextOf(token, "it")),
    read: async ({ token, id, inputs, outputs }) =>
      (await definition(token).read?.(id, { inputs, outputs }, contextOf(token, "it")))?.outputs,
    recorded: () => readRecorded(file),
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Calls of the fabric by way of `edit`, asked anew each time. */
function edited(fabric: Fabric, edit: (fabric: Fabric) => Partial<Fabric>): Fabric {
  return new Proxy(fabric, { get: (target, name) => Reflect.get({ ...target, ...edit(target) }, name) as unknown });
}

function contextOf(token: string, name: string): Context<undefined> {
  return {
    urn: `urn:pulumi:test::probe::azure-native:${token}::${name}`,
    name,
    settings: undefined,
    signal: new AbortController().signal,
    secrets: [],
    log: () => undefined,
  };
}

/** A group, and in it a network with one subnet. */
export async function networkOf(azure: Subscription) {
  const group = await azure.make("resources:ResourceGroup", good.group);
  const network = await azure.make("network:VirtualNetwork", good.network);
  const subnet = await azure.make("network:Subnet", good.subnet);
  return { group, network, subnet };
}

/** Whether the installed SDK declares an input at a dotted path. */
export function isDeclared(token: string, path: string): boolean {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.length === 0 ? azureSchema.resources[token]?.inputs : nested(token, keys.join("."));
  return holder?.[last] !== undefined;
}

function nested(token: string, path: string) {
  return declaredAt(azureSchema, token, path)?.properties;
}

/** Inputs that are in order, by type. */
export const good = {
  group: { resourceGroupName: "g", location: "westeurope" },
  network: { resourceGroupName: "g", virtualNetworkName: "net", addressSpace: { addressPrefixes: ["10.20.0.0/16"] } },
  subnet: { resourceGroupName: "g", virtualNetworkName: "net", subnetName: "front", addressPrefix: "10.20.1.0/29" },
  address: {
    resourceGroupName: "g",
    publicIpAddressName: "address",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
  },
  nic: {
    resourceGroupName: "g",
    networkInterfaceName: "nic",
    ipConfigurations: [
      { name: "main", subnet: { id: inGroup("Microsoft.Network/virtualNetworks/net/subnets/front") } },
    ],
  },
  rules: {
    resourceGroupName: "g",
    networkSecurityGroupName: "rules",
    securityRules: [] as Properties[],
  },
  disk: {
    resourceGroupName: "g",
    diskName: "data",
    creationData: { createOption: "Empty" },
    diskSizeGB: 64,
  },
  machine: {
    resourceGroupName: "g",
    vmName: "web",
    hardwareProfile: { vmSize: "Standard_B2s" },
    storageProfile: {
      imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "24.04.202504030" },
      osDisk: { createOption: "FromImage", diskSizeGB: 64 },
    },
    osProfile: {
      computerName: "web",
      adminUsername: "keeper",
      customData: Buffer.from("#cloud-config\n").toString("base64"),
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        ssh: { publicKeys: [{ path: "/home/keeper/.ssh/authorized_keys", keyData: "ssh-ed25519 AAAAC3Nz operator" }] },
      },
    },
    networkProfile: { networkInterfaces: [{ id: inGroup("Microsoft.Network/networkInterfaces/nic") }] },
  },
  rule: {
    name: "ssh",
    priority: 100,
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    sourceAddressPrefix: "203.0.113.7",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "22",
  },
} as const;
