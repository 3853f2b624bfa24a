import type { ImageLock } from "../container/image-lock.ts";
import type { ServiceFiles } from "../files/plan-files.ts";
import { removeCommand } from "../lib/config-command.ts";
import { nearName } from "../lib/near-name.ts";
import type { Problem } from "../lib/problems.ts";
import type { Flow } from "../network/flow.ts";
import type { SecretSpec } from "../secrets/secret.ts";
import { isOff } from "../settings/base.ts";
import type { Settings } from "../settings/base.ts";
import type { MachineDefinition, NetworkRequest } from "./machine-definition.ts";

/** A service that is switched off. */
export interface MissingService {
  readonly service: string;
  /** Why, as the service, the image lock or the settings say it. */
  readonly why: string;
  /** Whether it could run: the settings alone switch it off, in a lab too. @default false */
  readonly bySetting?: true;
}

/**
 * Services whose image does not work yet, or whose program has neither a published image nor a recipe, and those that the
 * settings switch off. A lab has a stand-in for the former.
 */
export function missingServices(
  { services }: Pick<MachineDefinition, "services">,
  images: ImageLock,
  settings: Pick<Settings, "lab" | "services">,
): MissingService[] {
  return services.flatMap(({ name, image, unready }): MissingService[] => {
    const found = images.images[image];
    const why = unready ?? (typeof found?.digest === "string" ? undefined : found?.missing);
    if (why !== undefined && !settings.lab) return [{ service: name, why }];
    return isOff(settings, name) ? [{ service: name, why: `garrison:services.${name} is off`, bySetting: true }] : [];
  });
}

/** What settings cannot switch: who is not on the machine, and what keeps the others safe. */
export function switchProblems(
  { services }: Pick<MachineDefinition, "services">,
  { services: switches }: Pick<Settings, "services">,
): Problem[] {
  const known = services.map(({ name }) => name);
  return Object.entries(switches).flatMap(([name, to]): Problem[] => {
    const told = { property: `garrison:services.${name}`, fix: removeCommand(["services", name]) };
    const guards = services.find((own) => own.name === name)?.guards;
    if (!known.includes(name)) return [{ ...told, found: "no service of the machine", expected: meant(name, known) }];
    return to === "off" && guards !== undefined ? [{ ...told, found: "off", expected: `on: ${guards}` }] : [];
  });
}

function meant(name: string, known: readonly string[]): string {
  const near = nearName(name, known);
  if (near !== undefined) return `one of its services; did you mean ${near}?`;
  return known.length === 0 ? "nothing: it has no services" : `one of ${known.join(", ")}`;
}

/**
 * The machine without these services: with them go their flows, the networks that nobody else needs, and what they may
 * reach. All numbers stay theirs, so that switching one on again moves nobody.
 */
export function withoutServices(definition: MachineDefinition, missing: readonly MissingService[]): MachineDefinition {
  if (missing.length === 0) return definition;
  const gone = new Set(missing.map(({ service }) => service));
  const flows = definition.flows.filter(({ from, to }) => !gone.has(from) && !gone.has(to));
  return {
    ...definition,
    services: definition.services.filter(({ name }) => !gone.has(name)),
    flows,
    networks: definition.networks.flatMap((network) => withoutMembers(network, gone, flows)),
    allowed: definition.allowed.filter(({ client }) => !gone.has(client)),
  };
}

/** Who has nobody left to talk to on an internal network leaves it too. */
function withoutMembers(network: NetworkRequest, gone: ReadonlySet<string>, flows: readonly Flow[]): NetworkRequest[] {
  const left = network.members.filter((member) => !gone.has(member));
  if (left.length === network.members.length) return [network];
  const meets = (one: string, other: string): boolean => flows.some(({ from, to }) => from === one && to === other);
  const members = left.filter(
    (one) => network.egress === true || left.some((other) => meets(one, other) || meets(other, one)),
  );
  return members.length === 0 ? [] : [{ ...network, members }];
}

/**
 * The secrets of a machine without some of its services: those that somebody reads. What a service that the settings switch
 * off has made for itself stays in the state, in no file: it may lock what lies in its volume.
 */
export function secretsLeft(
  secrets: readonly SecretSpec[],
  files: readonly ServiceFiles[],
  missing: readonly MissingService[],
): SecretSpec[] {
  if (missing.length === 0) return [...secrets];
  const off = new Set(missing.flatMap(({ service, bySetting }) => (bySetting === true ? [service] : [])));
  const read = new Set(files.flatMap((own) => own.secrets));
  const kept = secrets.flatMap((own) => {
    if (read.has(own.name)) return [own];
    return own.of !== undefined && off.has(own.of) ? [{ ...own, parked: true as const }] : [];
  });
  const authorities = new Set(kept.flatMap(({ source }) => (source.type === "certificate" ? [source.authority] : [])));
  return [...kept, ...secrets.filter(({ name }) => authorities.has(name) && !read.has(name))];
}
