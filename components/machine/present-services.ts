import type { ImageLock } from "../container/image-lock.ts";
import { planFiles } from "../files/plan-files.ts";
import { planNetworks } from "../network/plan-networks.ts";
import type { Settings } from "../settings/settings.ts";
import { planReconciles } from "./plan-reconciles.ts";
import type { MachineDefinition, NetworkRequest } from "./machine-definition.ts";

/** A service that is switched off outside the lab. */
export interface MissingService {
  readonly service: string;
  /** Why, as the service or the image lock says it. */
  readonly why: string;
}

/**
 * Services whose image does not work yet, or whose program has neither a published image nor a recipe. A lab has a
 * stand-in for each.
 */
export function missingServices(
  { services }: Pick<MachineDefinition, "services">,
  images: ImageLock,
  lab: boolean,
): MissingService[] {
  if (lab) return [];
  return services.flatMap(({ name, image, unready }) => {
    const found = images.images[image];
    const why = unready ?? (typeof found?.digest === "string" ? undefined : found?.missing);
    return why === undefined ? [] : [{ service: name, why }];
  });
}

/**
 * The machine without these services: with them go their flows, the networks that nobody else needs, what they may reach
 * and the secrets that only they read. All numbers stay theirs, so that switching one on again moves nobody.
 */
export function withoutServices(
  definition: MachineDefinition,
  missing: readonly MissingService[],
  settings: Settings,
): MachineDefinition {
  if (missing.length === 0) return definition;
  const gone = new Set(missing.map(({ service }) => service));
  const secrets = secretsOfOnly(definition, gone, settings);
  return {
    ...withoutMissing(definition, missing),
    secrets: definition.secrets.filter(({ name }) => !secrets.has(name)),
  };
}

/** The machine without these services, but with all of its secrets: enough to say what reaches what. */
export function withoutMissing(definition: MachineDefinition, missing: readonly MissingService[]): MachineDefinition {
  const gone = new Set(missing.map(({ service }) => service));
  return {
    ...definition,
    services: definition.services.filter(({ name }) => !gone.has(name)),
    flows: definition.flows.filter(({ from, to }) => !gone.has(from) && !gone.has(to)),
    networks: definition.networks.flatMap((network) => withoutMembers(network, gone)),
    allowed: definition.allowed.filter(({ client }) => !gone.has(client)),
  };
}

/** One that is alone on an internal network has nobody to talk to there. */
function withoutMembers(network: NetworkRequest, gone: ReadonlySet<string>): NetworkRequest[] {
  const members = network.members.filter((member) => !gone.has(member));
  if (members.length === network.members.length) return [network];
  const needed = network.egress === true ? 1 : 2;
  return members.length < needed ? [] : [{ ...network, members }];
}

/** Secrets that stand in a file of theirs and in no other. */
function secretsOfOnly(definition: MachineDefinition, gone: ReadonlySet<string>, settings: Settings): Set<string> {
  const { services, flows, allowed, networks, subnetPrefix } = definition;
  const planned = planNetworks(networks, services, settings.estate, settings.network, subnetPrefix);
  // What is wrong with the whole machine is told when it is planned.
  if (planned.problems.length > 0) return new Set();
  const context = { settings, networks: planned.networks, flows, allowed };
  const told = planReconciles(services, context).map(({ asFile }) => asFile);
  const files = [...planFiles(services, context), ...told];
  const read = (theirs: boolean) =>
    files.filter(({ service }) => gone.has(service) === theirs).flatMap(({ secrets }) => secrets);
  const others = new Set(read(false));
  return new Set(read(true).filter((name) => !others.has(name)));
}
