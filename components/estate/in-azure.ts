import { AzureEstate } from "../azure/azure-estate.ts";
import type { AzurePlace } from "../azure/azure-place.ts";
import { livesOn } from "../azure/lives-on.ts";
import { planAzure, withoutDocker } from "../azure/plan-azure.ts";
import { Machine } from "../machine/machine.ts";
import type { MachinePlan } from "../machine/plan-machine.ts";

/** The machine is made and configured first; then comes what Docker runs on it, where it runs something. */
export function deployToAzure(place: AzurePlace, { host, ...plan }: MachinePlan): Record<string, unknown> {
  const { settings } = plan;
  const { azure, docker, machine: role } = settings;
  if (host === undefined || azure === undefined) throw new Error(`the settings of ${role} were let through`);
  const containers = plan.containers.length > 0;
  const own = planAzure({ place, settings: { ...settings, azure }, host: containers ? host : withoutDocker(host) });
  const { identityFile } = docker;
  const { main } = new AzureEstate(role, { plan: own, ...(identityFile !== undefined && { identityFile }) });
  if (containers) new Machine(`${role}-docker`, { ...plan, docker: main.docker }, livesOn(main.machine));
  return { hostKey: main.docker.hostKey, address: main.docker.host };
}
