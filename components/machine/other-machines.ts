import { waive } from "../container/waiver.ts";
import type { Waiver } from "../container/waiver.ts";
import { setCommand } from "../lib/config-command.ts";
import { own } from "../lib/own.ts";
import type { Problem } from "../lib/problems.ts";
import { isLoopback, notAResolver } from "../network/address.ts";
import { overlapping } from "../network/address-set.ts";
import { isMachine, machineOf } from "../network/flow.ts";
import type { Flow } from "../network/flow.ts";
import type { OtherMachine } from "../network/other-machine.ts";
import { outwardEnd } from "../network/unwanted-paths.ts";
import type { ServiceSpec } from "../services/service.ts";
import type { Settings } from "../settings/settings.ts";
import type { MachineDefinition, NetworkRequest } from "./machine-definition.ts";

/** The settings that say where other machines are. */
export type OtherMachineSettings = Pick<Settings, "machines">;

/**
 * The machine as far as the settings know where others are: flows from and to one without an address are gone, and with
 * them the networks that nothing else needs. Whoever has one left has a way out of its own, and the waiver that says so.
 */
export function withOtherMachines(
  definition: MachineDefinition,
  { machines }: OtherMachineSettings,
): MachineDefinition {
  const { otherMachines = [] } = definition;
  if (otherMachines.length === 0) return definition;
  const isThere = (node: string): boolean => !isMachine(node) || own(machines, machineOf(node)) !== undefined;
  const flows = definition.flows.filter(({ from, to }) => isThere(from) && isThere(to));
  return {
    ...definition,
    flows,
    networks: definition.networks.flatMap((network) => stillOutward(network, flows, definition.flows)),
    services: definition.services.map((service) => withWaiver(service, flows, otherMachines)),
  };
}

/** The machine with all others there, for whoever draws it. */
export function withEveryMachine(definition: MachineDefinition): MachineDefinition {
  return withOtherMachines(definition, everyMachine(definition));
}

/** Settings by which all others are there, at an address that is kept for documentation. */
export function everyMachine({ otherMachines = [] }: MachineDefinition): OtherMachineSettings {
  return { machines: Object.fromEntries(otherMachines.map(({ name }) => [name, { address: "192.0.2.1" }])) };
}

/** A network that leads out, with whoever still needs it and what for. */
function stillOutward(network: NetworkRequest, flows: readonly Flow[], all: readonly Flow[]): NetworkRequest[] {
  if (network.egress !== true || flows.length === all.length) return [network];
  const needs = flows.filter((flow) => outwardEnd(flow).some((name) => network.members.includes(name)));
  const members = network.members.filter((name) => needs.some((flow) => outwardEnd(flow).includes(name)));
  if (members.length === 0) return [];
  return [{ ...network, members, why: [...new Set(needs.map(({ why }) => why))].join("; ") }];
}

function withWaiver(service: ServiceSpec, flows: readonly Flow[], machines: readonly OtherMachine[]): ServiceSpec {
  const { name, waivers = [] } = service;
  const ends = flows.flatMap((flow) => endOf(flow, name));
  const record = machines.find((machine) => ends[0]?.machine === machine.name);
  if (record === undefined || waivers.some(({ id }) => id === "network.egress")) return service;
  const { owner, expires } = record;
  const reason = ends.map(({ says }) => says).join("; ");
  const waiver: Waiver = waive("network.egress", { reason, owner, expires });
  return { ...service, waivers: [...waivers, waiver] };
}

/** What a flow between a service and another machine has the service's network lead out for. */
function endOf({ from, to, ports, why }: Flow, service: string): { readonly machine: string; readonly says: string }[] {
  const port = ports.map(({ number }) => String(number)).join(", ");
  const only = "the host's rules open this address and port alone";
  if (from === service && isMachine(to)) {
    const machine = machineOf(to);
    return [{ machine, says: `it asks the machine ${machine} on port ${port}: ${why}; ${only}` }];
  }
  if (to === service && isMachine(from)) {
    const machine = machineOf(from);
    return [{ machine, says: `the machine ${machine} asks it on port ${port}: ${why}; ${only}` }];
  }
  return [];
}

/** What a container calls other machines, and their addresses: by its name, and by that of its certificate. */
export function hostsOf(
  service: string,
  flows: readonly Flow[],
  { machines }: OtherMachineSettings,
): Record<string, string> {
  const asked = flows
    .filter(({ from }) => from === service)
    .flatMap(({ to }) => (isMachine(to) ? [machineOf(to)] : []));
  return Object.fromEntries(
    asked.flatMap((name) => {
      const { address, tlsName } = own(machines, name) ?? {};
      return address === undefined ? [] : [name, tlsName ?? name].map((known) => [known, address] as const);
    }),
  );
}

type AddressSettings = Pick<Settings, "machines" | "network" | "publish">;

/** Other machines in the settings that nothing here asks or serves, or that are at no address of another machine. */
export function otherMachineProblems(definition: MachineDefinition, settings: AddressSettings): Problem[] {
  const { otherMachines = [] } = definition;
  const names = [...new Set(otherMachines.map(({ name }) => name))];
  const asked = new Set(definition.flows.map(({ to }) => to));
  return [
    ...Object.entries(settings.machines).flatMap(([name, { address, tlsName }]): Problem[] => {
      const property = `garrison:machines.${name}`;
      if (!names.includes(name)) return [{ property, ...stranger(names) }];
      const flaw = flawOf(address, settings);
      return [
        ...(flaw === undefined
          ? []
          : [{ property: `${property}.address`, found: `${address}, ${flaw}`, ...elsewhere(name) }]),
        ...(tlsName !== undefined && !asked.has(`machine:${name}`)
          ? [{ property: `${property}.tlsName`, found: tlsName, expected: `nothing: no service here asks ${name}` }]
          : []),
      ];
    }),
    ...unpublished(definition, settings),
  ];
}

function stranger(names: readonly string[]): Pick<Problem, "found" | "expected"> {
  const expected = names.length === 0 ? "none: this machine asks and serves no other" : `one of ${names.join(", ")}`;
  return { found: "a machine that no service here asks or is offered to", expected };
}

function elsewhere(name: string): Pick<Problem, "expected" | "fix"> {
  return {
    expected: `the address of ${name}, as this machine reaches it`,
    fix: setCommand(["machines", name, "address"], "<address>"),
  };
}

function flawOf(address: string, { network, publish }: AddressSettings): string | undefined {
  if (address === publish.address) return "this machine's own";
  if (overlapping(network, address)) return `which is in ${network}, the containers' own block`;
  return notAResolver(address);
}

/** What is offered on loopback is offered to nobody. */
function unpublished({ flows }: MachineDefinition, { machines, publish }: AddressSettings): Problem[] {
  if (!isLoopback(publish.address)) return [];
  const offered = flows.filter(({ from }) => isMachine(from) && own(machines, machineOf(from)) !== undefined);
  const [first] = offered;
  if (first === undefined) return [];
  return [
    {
      property: "garrison:publish.address",
      found: `${publish.address}, on which nobody but this machine asks ${[...new Set(offered.map(({ to }) => to))].join(", ")}`,
      expected: `the private address of this machine, for ${first.from}`,
      fix: setCommand(["publish", "address"], "<address>"),
    },
  ];
}
