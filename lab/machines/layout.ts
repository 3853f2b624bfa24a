import { formatBlock, host, parseBlock, subnet } from "#components/network/address.ts";
import { MACHINES } from "#stacks/machines.ts";
import type { MachineRole } from "#stacks/machines.ts";
import type { LabFacts } from "./facts.ts";

/** What a machine is called. */
export interface InstancePlace {
  /** What a person calls it. */
  readonly name: string;
  /** In Incus, in cgroups, and as the name under which ssh knows the host key. */
  readonly instance: string;
  /** The storage pool of its own, a file system of the machine's size. */
  readonly pool: string;
}

/** Names and addresses of one of the estate's machines. All follow from the lab's id and block, and the role. */
export interface MachinePlace extends InstancePlace {
  readonly role: MachineRole;
  readonly address: string;
}

/** Names and addresses of one lab. */
export interface LabLayout {
  /** At most 15 characters, as the kernel wants it. */
  readonly bridge: string;
  /** The /24 of the machines. */
  readonly block: string;
  /** The host's own address on the bridge, with its length. */
  readonly gateway: string;
  /** The lab's own nftables table. */
  readonly table: string;
  /** What marks a rule of ours among others'. */
  readonly tag: string;
  readonly machines: readonly MachinePlace[];
  readonly azure: AzureNames;
}

/** The names that all of a lab's simulated Azure goes by. */
interface AzureNames {
  /** Begins the names of the bridges. */
  readonly bridges: string;
  /** The nftables table of its rules. */
  readonly table: string;
  /** What marks a rule of ours in Docker's chain. */
  readonly tag: string;
  /** Begins the names of the disks that are no machine's own. */
  readonly disks: string;
}

export function azureNames(lab: string): AzureNames {
  return {
    bridges: `${lab}-z`,
    table: `garrison_azure_${lab}`,
    tag: `garrison-azure-${lab}`,
    disks: `${lab}-disk-`,
  };
}

/** As in Azure: the gateway is the first address, machines begin at the fourth. */
const firstMachine = 4;

export function layOutLab({ id, network }: Pick<LabFacts, "id" | "network">): LabLayout {
  const block = subnet(parseBlock(network), 24, 0);
  return {
    bridge: `${id}-lab`,
    block: formatBlock(block),
    gateway: `${host(block, 1)}/${String(block.prefix)}`,
    table: `garrison_lab_${id}`,
    tag: `garrison-lab-${id}`,
    machines: MACHINES.map((role, index) => ({
      role,
      name: role,
      instance: `${id}-${role}`,
      pool: `${id}-${role}`,
      address: host(block, firstMachine + index),
    })),
    azure: azureNames(id),
  };
}
