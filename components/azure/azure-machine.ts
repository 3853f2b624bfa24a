import { createHash } from "node:crypto";
import { ManagementLockByScope } from "@pulumi/azure-native/authorization/managementLockByScope.js";
import { Disk } from "@pulumi/azure-native/compute/disk.js";
import { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import type { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls";
import { cloudInit } from "../host/bundle/cloud-init.ts";
import type { HostSpec } from "../host/bundle/host-spec.ts";
import { sshPort } from "../host/bundle/host-spec.ts";
import { planBundle } from "../host/bundle/plan-bundle.ts";
import type { DockerSettings, JumpHost } from "../host/docker-host.ts";
import { Host } from "../host/host.ts";
import { HostKey } from "../host/host-key.ts";
import { refuse } from "../lib/problems.ts";
import { dataDiskParts } from "./data-disk.ts";
import type { DataDisk } from "./data-disk.ts";
import { livesOn } from "./lives-on.ts";
import { publicAddress } from "./public-address.ts";
import { MACHINE_SIZES } from "../lib/azure-sizes.ts";
import { administratorKeys, machineProblems, parseImage } from "./machine-problems.ts";

export interface AzureMachineArgs {
  readonly resourceGroup: pulumi.Input<string>;
  /** Azure's name of the region: `westeurope`. */
  readonly location: string;
  /** A size of `MACHINE_SIZES`. Can be changed while the machine is there; it restarts. */
  readonly size: string;
  /** `publisher:offer:sku:version`, as `az vm image list` prints it. Another one makes the machine anew. */
  readonly image: string;
  /** Id of the subnet. */
  readonly subnet: pulumi.Input<string>;
  /** Address of the machine in the subnet. */
  readonly address: string;
  /** Whether it has a public address too. Never one with a GPU. @default false */
  readonly publicAddress?: boolean;
  readonly osDiskGiB: number;
  /** Disks that outlive the machine and are locked against deletion. @default none */
  readonly dataDisks?: readonly DataDisk[];
  /** What is on it and who gets in; the machine is born with it. */
  readonly host: HostSpec;
  /** Machine through which this one is reached. @default reached at its own address, the public one where it has one */
  readonly jump?: pulumi.Input<JumpHost>;
  /** File of the deployer's private key. @default the keys that ssh finds itself */
  readonly identityFile?: string;
  /** Raise it to have the machine made anew, with another first-boot key: it is gone, or no longer trusted. @default 1 */
  readonly generation?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A virtual machine that is born configured and then kept so: keys only, disks encrypted on the host as well, Trusted
 * Launch with Secure Boot, no identity, no extensions. Its first connection is pinned to a key that was made for its
 * first boot, every other one to a key that the machine made itself.
 *
 * A change of what the machine is born with is applied over SSH and does not make it anew; the image and `generation` do.
 */
export class AzureMachine extends pulumi.ComponentResource {
  readonly machine: VirtualMachine;
  /** How it is reached. */
  readonly docker: pulumi.Output<DockerSettings>;
  /** Where it is reached from the internet; undefined without a public address. */
  readonly publicAddress: pulumi.Output<string> | undefined;

  constructor(name: string, args: AzureMachineArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:azure:AzureMachine", name, {}, opts);
    refuse(`The Azure machine ${name}`, machineProblems(args));
    const host = withDisks(args);
    const bundle = planBundle(host);
    const tags = { ...args.tags, "garrison.machine": host.host };
    const place = { name: host.host, resourceGroupName: args.resourceGroup, location: args.location, tags };
    const within = { parent: this };
    const generation = generationId(args);

    const named = { ...located(place), publicIpAddressName: place.name };
    const address = args.publicAddress === true ? publicAddress(`${name}-address`, named, within) : undefined;
    const nic = networkInterface(name, args, address, place, within);
    const disks = (args.dataDisks ?? []).map((disk) => dataDisk(name, disk, place, within));
    // Another name is another key: none is used for two first boots.
    const firstBootKey = new PrivateKey(
      `${name}-birth-${generation}`,
      { algorithm: "ECDSA", ecdsaCurve: "P256" },
      within,
    );
    const firstBootPublicKey = firstBootKey.publicKeyOpenssh.apply((line) =>
      line.trim().split(" ").slice(0, 2).join(" "),
    );
    const customData = pulumi.secret(
      pulumi.all([firstBootKey.privateKeyOpenssh, firstBootPublicKey]).apply(([privateKey, publicKey]) => {
        const { userData } = cloudInit(bundle, { privateKey, publicKey });
        return Buffer.from(userData).toString("base64");
      }),
    );
    this.machine = virtualMachine({ name, args, host, customData, generation, nic, disks, place }, within);
    const reached = address?.ipAddress.apply((known) => known ?? "") ?? pulumi.output(args.address);
    const way = pulumi.all([reached, args.jump]).apply(([at, jump]) => ({
      host: `ssh://${host.access.deployer}@${at}:${String(sshPort(host))}`,
      cgroupDriver: "systemd" as const,
      ...(args.identityFile !== undefined && { identityFile: args.identityFile }),
      ...(jump !== undefined && { jump }),
    }));

    const onIt = { ...within, ...livesOn(this.machine) };
    const key = new HostKey(
      `${name}-key`,
      { docker: way, firstBootKey: firstBootPublicKey, machine: this.machine.vmId },
      onIt,
    );
    const applied = new Host(
      `${name}-host`,
      { docker: key.docker, spec: host, firstBootKey: firstBootPublicKey },
      onIt,
    );
    this.docker = pulumi.all([key.docker, applied.report]).apply(([docker]) => docker);
    this.publicAddress = address && reached;
    this.registerOutputs({ machineId: this.machine.id, publicAddress: this.publicAddress, hostKey: key.hostKey });
  }
}

interface Place {
  /** Of the machine in Azure, and the beginning of what is only its own. */
  readonly name: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

function located({ resourceGroupName, location, tags }: Place) {
  return { resourceGroupName, location, tags };
}

function withDisks({ host, dataDisks = [] }: AzureMachineArgs): HostSpec {
  const { files, units } = dataDiskParts(dataDisks);
  return { ...host, files: [...(host.files ?? []), ...files], units: [...(host.units ?? []), ...units] };
}

/** The same while it is the same machine. */
function generationId({ image, host, generation = 1 }: AzureMachineArgs): string {
  const born = JSON.stringify([image, host.host, host.access.deployer, generation]);
  return createHash("sha256").update(born).digest("hex").slice(0, 8);
}

function networkInterface(
  name: string,
  { subnet, size, address: privateIPAddress }: AzureMachineArgs,
  address: PublicIPAddress | undefined,
  place: Place,
  opts: pulumi.CustomResourceOptions,
): NetworkInterface {
  return new NetworkInterface(
    `${name}-nic`,
    {
      ...located(place),
      networkInterfaceName: place.name,
      enableAcceleratedNetworking: MACHINE_SIZES[size]?.acceleratedNetworking ?? true,
      ipConfigurations: [
        {
          name: "main",
          primary: true,
          subnet: { id: subnet },
          privateIPAllocationMethod: "Static",
          privateIPAddress,
          ...(address && { publicIPAddress: { id: address.id } }),
        },
      ],
    },
    { ...opts, aliases: [{ name: `${name}-card` }] },
  );
}

interface Attached {
  readonly lun: number;
  readonly disk: Disk;
}

function dataDisk(
  name: string,
  { name: own, lun, sizeGiB }: DataDisk,
  place: Place,
  opts: pulumi.CustomResourceOptions,
): Attached {
  const disk = new Disk(
    `${name}-${own}`,
    {
      ...located(place),
      diskName: `${place.name}-${own}`,
      creationData: { createOption: "Empty" },
      diskSizeGB: sizeGiB,
      sku: { name: "Premium_LRS" },
      networkAccessPolicy: "DenyAll",
      publicNetworkAccess: "Disabled",
    },
    opts,
  );
  new ManagementLockByScope(
    `${name}-${own}-lock`,
    { scope: disk.id, lockName: "garrison", level: "CanNotDelete", notes: "Holds data." },
    opts,
  );
  return { lun, disk };
}

interface Parts {
  readonly name: string;
  readonly args: AzureMachineArgs;
  readonly host: HostSpec;
  readonly customData: pulumi.Output<string>;
  readonly generation: string;
  readonly nic: NetworkInterface;
  readonly disks: readonly Attached[];
  readonly place: Place;
}

function virtualMachine(
  { name, args, host, customData, generation, nic, disks, place }: Parts,
  opts: pulumi.CustomResourceOptions,
): VirtualMachine {
  const { deployer } = host.access;
  const image = parseImage(args.image);
  if (image === undefined) throw new Error(`${args.image} was let through`);
  return new VirtualMachine(
    name,
    {
      ...located(place),
      vmName: place.name,
      tags: { ...place.tags, "garrison.birth": generation, "garrison.birth-key": "one-use" },
      hardwareProfile: { vmSize: args.size },
      storageProfile: {
        imageReference: image,
        osDisk: {
          name: `${place.name}-os`,
          createOption: "FromImage",
          diskSizeGB: args.osDiskGiB,
          caching: "ReadWrite",
          deleteOption: "Delete",
          managedDisk: { storageAccountType: "Premium_LRS" },
        },
        dataDisks: disks.map(({ lun, disk }) => ({
          lun,
          createOption: "Attach",
          caching: "ReadOnly",
          deleteOption: "Detach",
          managedDisk: { id: disk.id },
        })),
      },
      osProfile: {
        computerName: host.host,
        adminUsername: deployer,
        customData,
        // Nobody with rights in Azure alone runs programs on it.
        allowExtensionOperations: false,
        linuxConfiguration: {
          disablePasswordAuthentication: true,
          provisionVMAgent: true,
          ssh: {
            publicKeys: administratorKeys(host).map((keyData) => ({
              path: `/home/${deployer}/.ssh/authorized_keys`,
              keyData,
            })),
          },
          // The machine patches itself.
          patchSettings: { patchMode: "ImageDefault", assessmentMode: "ImageDefault" },
        },
      },
      networkProfile: { networkInterfaces: [{ id: nic.id, primary: true, deleteOption: "Detach" }] },
      securityProfile: {
        securityType: "TrustedLaunch",
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
        encryptionAtHost: true,
      },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    },
    {
      ...opts,
      // Its name, its interface and its disks cannot belong to two.
      deleteBeforeReplace: true,
      // What it was born with is history, and Azure refuses to change it; the bundle is kept up over SSH.
      ignoreChanges: ["osProfile.customData", "osProfile.linuxConfiguration.ssh"],
      replaceOnChanges: ['tags["garrison.birth"]'],
      additionalSecretOutputs: ["osProfile.customData"],
      customTimeouts: { create: "30m", update: "30m", delete: "30m" },
    },
  );
}
