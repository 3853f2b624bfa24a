import { refuse } from "../lib/problems.ts";
import { networkProblems } from "../network/network-problems.ts";
import { planNetworks } from "../network/plan-networks.ts";
import { reachability } from "../network/reachability.ts";
import type { Reachability } from "../network/reachability.ts";
import type { Settings } from "../settings/settings.ts";
import type { Commands } from "./commands.ts";
import type { MachineDefinition } from "./machine-definition.ts";
import { otherMachineProblems, withOtherMachines } from "./other-machines.ts";
import { numberProblems } from "./number-problems.ts";

/** The settings on which it depends what reaches what. */
export type NetworkSettings = Pick<Settings, "estate" | "network" | "lan" | "resolvers" | "publish" | "machines">;

/**
 * What reaches what on a machine, without images, limits or secrets having to be in order.
 *
 * @throws {ProblemsError} when the networks are not what the flows say, or a number is missing
 */
export function machineReachability(
  given: MachineDefinition,
  settings: NetworkSettings,
  commands?: Commands,
): Reachability {
  const definition = withOtherMachines(given, settings);
  const { services, flows, allowed } = definition;
  const plan = planNetworks(definition.networks, services, settings.estate, settings.network, definition.subnetPrefix);
  refuse(`Networks of machine ${definition.role}`, [
    // Without its own numbers it would be told addresses that are nobody's.
    ...numberProblems(definition, commands),
    ...plan.problems,
    ...networkProblems(definition, settings),
    ...otherMachineProblems(given, settings),
  ]);
  const { machines, publish, resolvers } = settings;
  return reachability({ services, networks: plan.networks, flows, allowed, publish, resolvers, machines });
}
