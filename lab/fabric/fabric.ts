/**
 * What of the simulated Azure becomes real on this host. The plugin keeps the state and checks what is asked for; a
 * fabric makes links, rules, disks and machines of it.
 */
export interface Fabric {
  /**
   * Makes the links and rules of this host be what the facts say, in whatever state they were. Called with all that
   * there is after each change of one of them. Never called twice at a time.
   */
  applyNetwork(facts: NetworkFacts): Promise<void>;
  /** Makes the disk, or enlarges it. */
  ensureDisk(disk: DiskFact): Promise<void>;
  /** Fine when there is none. */
  removeDisk(id: string): Promise<void>;
  /**
   * Makes a machine and starts it; its cloud-init runs on. A machine that an interrupted call has left is made anew.
   *
   * @param signal ends the work; what was begun is removed by the next call
   */
  createMachine(machine: MachineFact, context: FabricContext): Promise<void>;
  /** Changes what can be changed while it is there: its size and its data disks. */
  updateMachine(machine: MachineFact, context: FabricContext): Promise<void>;
  findMachine(id: string): Promise<MachineState | undefined>;
  /** Fine when there is none. Asks nothing of the machine itself. */
  removeMachine(id: string): Promise<void>;
}

/**
 * What a module that makes a fabric exports.
 *
 * @param tell what is being prepared, for a person to read
 */
export type OpenFabric = (tell: (detail: string) => void) => Promise<Fabric>;

export interface FabricContext {
  readonly signal: AbortSignal;
  /** What is under way, for a person to read. */
  readonly tell: (detail: string) => void;
}

export type MachineState = "running" | "stopped";

/** Everything that the network of all machines consists of. Resources are named by their Azure ids, in lower case. */
export interface NetworkFacts {
  readonly networks: readonly VirtualNetworkFact[];
  readonly securityGroups: readonly SecurityGroupFact[];
  readonly publicAddresses: readonly PublicAddressFact[];
  readonly natGateways: readonly NatGatewayFact[];
  readonly interfaces: readonly InterfaceFact[];
}

export interface VirtualNetworkFact {
  readonly id: string;
  /** IPv4 blocks. */
  readonly addressSpace: readonly string[];
  readonly subnets: readonly SubnetFact[];
  /** Networks that this one is peered with; in effect where both name each other. */
  readonly peers: readonly string[];
}

export interface SubnetFact {
  readonly id: string;
  /** IPv4 block; the first address is the gateway's, machines have addresses from the fourth on. */
  readonly prefix: string;
  readonly securityGroup?: string;
  readonly natGateway?: string;
  /** Whether machines without a public address or NAT gateway get out. */
  readonly defaultOutbound: boolean;
}

export interface SecurityGroupFact {
  readonly id: string;
  /** Azure's own three at 65000 and above are not among them. */
  readonly rules: readonly SecurityRuleFact[];
}

export interface SecurityRuleFact {
  readonly name: string;
  readonly priority: number;
  readonly direction: "Inbound" | "Outbound";
  readonly access: "Allow" | "Deny";
  readonly protocol: "Tcp" | "Udp" | "Icmp" | "*";
  /** Addresses, blocks, `*`, or the tags `Internet`, `VirtualNetwork`, `AzureLoadBalancer`. */
  readonly sources: readonly string[];
  /** `*`, `22`, `8000-8100`. */
  readonly sourcePorts: readonly string[];
  readonly destinations: readonly string[];
  readonly destinationPorts: readonly string[];
}

interface PublicAddressFact {
  readonly id: string;
  /** On the lab's internet. */
  readonly address: string;
}

interface NatGatewayFact {
  readonly id: string;
  readonly publicAddresses: readonly string[];
}

export interface InterfaceFact {
  readonly id: string;
  readonly subnet: string;
  readonly address: string;
  /** `00:0d:3a:…` */
  readonly mac: string;
  readonly publicAddress?: string;
  readonly securityGroup?: string;
}

export interface DiskFact {
  readonly id: string;
  readonly sizeGiB: number;
}

export interface MachineFact {
  readonly id: string;
  readonly computerName: string;
  readonly adminUsername: string;
  /** Public keys of the administrator, one line each. */
  readonly adminKeys: readonly string[];
  /** What cloud-init is given: decoded. Holds a private key. */
  readonly customData?: string;
  /** What its size has in Azure; here it gets its share of the host. */
  readonly size: { readonly name: string; readonly memoryMiB: number; readonly cpus: number };
  readonly osDiskGiB: number;
  readonly dataDisks: readonly { readonly lun: number; readonly disk: string }[];
  /** Interfaces, the primary first. */
  readonly interfaces: readonly string[];
}
