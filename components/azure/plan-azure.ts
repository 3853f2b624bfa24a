import type { HostSpec, OpenPort } from "../host/bundle/host-spec.ts";
import { sshPort } from "../host/bundle/host-spec.ts";
import { hostProblems } from "../host/bundle/host-problems.ts";
import { ProblemsError, refuse } from "../lib/problems.ts";
import type { Problem } from "../lib/problems.ts";
import { formatBlock, isBlock, parseBlock, subnet } from "../network/address.ts";
import type { AzureSettings } from "../settings/azure.ts";
import { setCommand } from "../lib/config-command.ts";
import { bridgeOf } from "../settings/docker.ts";
import type { Settings } from "../settings/settings.ts";
import type { AzurePlace, PlaceMachine, PlaceOpening } from "./azure-place.ts";
import { CLOUDFLARE_RANGES } from "./cloudflare-ranges.ts";
import type { DataDisk } from "./data-disk.ts";
import { machineProblems } from "./machine-problems.ts";
import { MACHINE_SIZES } from "../lib/azure-sizes.ts";
import { SUBNET, placeProblems } from "./place-problems.ts";
import { machineAddress, networkProblems, planAzureNetwork } from "./plan-network.ts";
import type { AzureNetworkPlan, AzureNetworkSpec, AzureOpening, WayIn } from "./plan-network.ts";

export interface AzurePlan {
  readonly estate: string;
  readonly azure: AzureSettings;
  readonly resourceGroup: string;
  readonly network: AzureNetworkPlan;
  readonly machines: readonly PlannedMachine[];
}

export interface PlannedMachine {
  readonly name: string;
  readonly subnet: string;
  readonly address: string;
  readonly size: string;
  readonly image: string;
  readonly osDiskGiB: number;
  readonly dataDisks: readonly DataDisk[];
  readonly publicAddress: boolean;
  /** Its bastion. */
  readonly behind?: string;
  readonly host: HostSpec;
}

export interface AzureInput {
  readonly place: AzurePlace;
  readonly settings: Pick<Settings, "estate" | "network" | "lan" | "resources"> & {
    readonly azure: AzureSettings;
    readonly docker?: Settings["docker"];
  };
  /** The main machine's own configuration. */
  readonly host: HostSpec;
}

/**
 * Works out what a stack gets in Azure: its network, who is let in, and what is on each machine.
 *
 * @throws ProblemsError with everything that is wrong
 */
export function planAzure(input: AzureInput): AzurePlan {
  const { place, settings } = input;
  const { azure, estate } = settings;
  if (!isBlock(azure.network)) throw new Error(`${azure.network} was let through`);
  refuse(`Place in Azure of stack ${estate}`, placeProblems(place, azure.network));
  const machines = place.machines.map((machine) => plannedMachine(machine, input));
  const network: AzureNetworkSpec = {
    block: azure.network,
    neighbours: {
      "garrison:network": settings.network,
      "Docker's own bridge": bridgeOf(settings.docker ?? {}),
      ...Object.fromEntries(settings.lan.map((block) => [`garrison:lan ${block}`, block])),
      ...Object.fromEntries(
        Object.entries(azure.peers).map(([name, { block }]) => [`garrison:azure.peers.${name}`, block]),
      ),
    },
    subnets: place.subnets.map(({ name, nat, ...own }) => ({
      name,
      block: subnetBlock(azure.network, own.number),
      openings: place.machines.filter((one) => one.subnet === name).flatMap((one) => openings(one, input)),
      ...(nat !== undefined && { nat }),
    })),
  };
  const waysIn = place.machines.map((machine) => wayIn(machine, input));
  const problems = [
    ...under("garrison:azure.network", networkProblems(network, waysIn)),
    ...machines.flatMap((machine) => [
      ...under(`garrison:azure.${machine.name}`, machineProblems(machine)),
      ...under("garrison:host", hostProblems(machine.host)),
    ]),
    ...place.machines.flatMap(({ open = [] }) => open.flatMap((one) => sourceProblems(one, azure))),
    ...capacityProblems(machines, settings),
  ];
  if (problems.length > 0) throw new ProblemsError(`Azure of stack ${estate}`, distinct(problems));
  return {
    estate,
    azure,
    resourceGroup: azure.resourceGroup ?? `garrison-${estate}`,
    network: planAzureNetwork(network, waysIn),
    machines,
  };
}

function subnetBlock(network: string, number: number): string {
  return formatBlock(subnet(parseBlock(network), SUBNET, number));
}

function addressOf(name: string, { place, settings }: AzureInput): string {
  const machine = place.machines.find((one) => one.name === name);
  const own = place.subnets.find((one) => one.name === machine?.subnet);
  if (own === undefined) throw new Error(`${name} has no subnet in its place`);
  return machineAddress(subnetBlock(settings.azure.network, own.number));
}

function plannedMachine(machine: PlaceMachine, input: AzureInput): PlannedMachine {
  const { name, dataDisks = [], publicAddress = false, behind } = machine;
  const { azure } = input.settings;
  return {
    name,
    subnet: machine.subnet,
    address: addressOf(name, input),
    size: (name === "main" ? azure.size : undefined) ?? machine.size,
    image: azure.image,
    osDiskGiB: machine.osDiskGiB,
    dataDisks,
    publicAddress,
    ...(behind !== undefined && { behind }),
    host: isBastion(machine, input) ? bastionSpec(machine, input) : mainSpec(machine, input),
  };
}

function isBastion({ name }: PlaceMachine, { place }: AzureInput): boolean {
  return place.machines.some(({ behind }) => behind === name);
}

/** Who comes through the bastion comes from its address. */
function mainSpec(machine: PlaceMachine, input: AzureInput): HostSpec {
  const { host } = input;
  const bastion = machine.behind === undefined ? undefined : [addressOf(machine.behind, input)];
  const open = (machine.open ?? []).flatMap(({ ports, who, why, ...one }): OpenPort[] =>
    ports.map((port) => ({
      port,
      protocol: "tcp",
      from: inBlocks(sources(one, input.settings.azure)),
      why: `${who}: ${why}`,
    })),
  );
  return {
    ...host,
    ...(bastion && { access: { ...host.access, operatorsFrom: bastion, deployerFrom: bastion } }),
    firewall: { ...host.firewall, open: [...host.firewall.open, ...open.filter(({ from }) => from.length > 0)] },
    ...(host.nginx && {
      nginx: { ...host.nginx, proxies: [...(host.nginx.proxies ?? []), ...proxiesOf(input.settings.azure)] },
    }),
  };
}

/** Visitors who come through Cloudflare alone are told apart by what it says of them. */
function proxiesOf({ webFrom }: AzureSettings): readonly string[] {
  return webFrom.includes("Cloudflare") ? CLOUDFLARE_RANGES : [];
}

/** The same people, nothing on it, and one way on. */
function bastionSpec({ name }: PlaceMachine, input: AzureInput): HostSpec {
  const { host, place } = input;
  const behind = place.machines.filter((machine) => machine.behind === name);
  return {
    host: `${host.host}-${name}`,
    access: {
      ...host.access,
      passesOnTo: behind.map((machine) => `${addressOf(machine.name, input)}:${String(sshPort(host))}`),
    },
    users: withoutDocker(host).users,
    networks: {},
    firewall: { open: [] },
    ...(host.audit !== undefined && { audit: host.audit }),
    ...(host.clock !== undefined && { clock: host.clock }),
    ...(host.timeServers && { timeServers: host.timeServers }),
    ...(host.confirmSeconds !== undefined && { confirmSeconds: host.confirmSeconds }),
  };
}

/** A machine without containers has no daemon, and no group for it. */
export function withoutDocker(spec: HostSpec): HostSpec {
  const { docker, users, ...host } = spec;
  if (docker === undefined) return spec;
  const wanted = (group: string): boolean => group !== "docker";
  return { ...host, users: users.map(({ groups = [], ...user }) => ({ ...user, groups: groups.filter(wanted) })) };
}

function openings(machine: PlaceMachine, input: AzureInput): AzureOpening[] {
  const { port, from, who } = wayIn(machine, input);
  const ssh: AzureOpening = {
    name: `ssh-${machine.name}`,
    from,
    ports: [port],
    who,
    why: isBastion(machine, input) ? "the way to the machine behind" : "the machine is kept up and repaired",
  };
  const others = (machine.open ?? []).map((one) => ({ ...one, from: sources(one, input.settings.azure) }));
  return [ssh, ...others.filter(({ from: some }) => some.length > 0)];
}

function wayIn(machine: PlaceMachine, input: AzureInput): WayIn {
  const { access } = input.host;
  const port = sshPort(input.host);
  return machine.behind !== undefined
    ? { subnet: machine.subnet, port, from: [addressOf(machine.behind, input)], who: "the bastion" }
    : {
        subnet: machine.subnet,
        port,
        from: [...new Set([...access.operatorsFrom, ...access.deployerFrom])].sort(),
        who: "operators and deployments",
      };
}

function sources({ from }: Pick<PlaceOpening, "from">, azure: AzureSettings): string[] {
  if (from === "peers") return Object.values(azure.peers).map(({ block }) => block);
  return azure.webFrom.flatMap((source) => (source === "Cloudflare" ? CLOUDFLARE_RANGES : [source]));
}

/** Azure's word for everybody, in the words of the machine's own rules. */
function inBlocks(from: readonly string[]): string[] {
  return from.map((source) => (source === "Internet" ? "0.0.0.0/0" : source));
}

function sourceProblems({ from, who }: PlaceOpening, azure: AzureSettings): Problem[] {
  if (from !== "web" || azure.webFrom.length > 0) return [];
  return [
    {
      property: "garrison:azure.webFrom",
      found: "nobody",
      expected: `where ${who} come from: Cloudflare, addresses and blocks, or Internet`,
      fix: setCommand(["azure", "webFrom", 0], "Cloudflare"),
    },
  ];
}

/** Limits of containers are checked against the settings, so those must not promise more than there is. */
function capacityProblems(machines: readonly PlannedMachine[], { resources }: AzureInput["settings"]): Problem[] {
  const size = MACHINE_SIZES[machines.find(({ name }) => name === "main")?.size ?? ""];
  if (size === undefined) return [];
  return (["memoryMiB", "cpus"] as const)
    .filter((what) => resources[what] > size[what])
    .map((what) => ({
      property: `garrison:resources.${what}`,
      found: String(resources[what]),
      expected: `at most the machine's ${String(size[what])}`,
      fix: setCommand(["resources", what], String(size[what]), what === "cpus" ? "float" : "int"),
    }));
}

function under(place: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, property: `${place}: ${problem.property}` }));
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
