import type { FileContext } from "#components/files/service-files.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { planNetworks } from "#components/network/plan-networks.ts";
import type { Settings } from "#components/settings/settings.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Facts, Service, Use } from "#components/wiring/blueprint.ts";
import type { Group } from "#components/wiring/group.ts";
import type { Offer } from "#components/wiring/other-machine.ts";
import { machine } from "#components/wiring/machine-of.ts";
import type { MachineSpec } from "#components/wiring/machine-of.ts";
import { aService, settings } from "../unit/components/machine/example.ts";

/** A machine of these services, with numbers in the order in which they are given, as if a lock said so. */
export function wired(
  services: readonly Service[],
  groups: readonly Group[] = [],
  offers: readonly Offer[] = [],
  more: Partial<MachineSpec> = {},
): MachineDefinition {
  const { wiring, ...own } = machine("office", { services, groups, offers, numbers: "/no/such/file", ...more });
  if (wiring === undefined) throw new Error("a machine from handles has its wiring");
  return { ...own, wiring: { ...wiring, numbers: { ...wiring.numbers, problems: [], missing: [] } } };
}

/** The machine as its services' files see it. */
export function contextOf(own: MachineDefinition, changes: Partial<Settings> = {}): FileContext {
  const all = { ...settings, ...changes };
  const { networks, problems } = planNetworks(own.networks, own.services, all.estate, all.network);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return { settings: all, networks, flows: own.flows, allowed: own.allowed };
}

/** The files of one service. */
export function filesIn(own: MachineDefinition, name: string, changes: Partial<Settings> = {}): Record<string, string> {
  const service = own.services.find((one) => one.name === name);
  return { ...service?.files?.(contextOf(own, changes)) };
}

/** What every service of a test needs. */
export function facts(changes: Partial<Facts> = {}): Facts {
  return { ...aService("any", 1), ...changes };
}

/** A service that asks others, and looks all of them up. */
export function aClient(name: string, uses: Readonly<Record<string, Use>>): Service {
  return define(name, {
    uses,
    facts: (self) => {
      for (const wire of Object.keys(uses)) self.use(wire);
      return facts();
    },
  });
}
