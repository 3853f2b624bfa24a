import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import type { LiveContainer } from "./collect.ts";

/** How a service is doing; everything but `healthy` and `running` needs a look. */
export type Health = "healthy" | "running" | "starting" | "unhealthy" | "stopped" | "missing";

/** One line of the table: what is wanted and what is there. */
export interface Row {
  readonly service: string;
  readonly container: string;
  readonly health: Health;
  readonly networks: readonly string[];
  readonly memoryUsedMiB: number | undefined;
  readonly memoryLimitMiB: number | undefined;
  readonly program: "real" | "stand-in" | "unknown";
  readonly idle: string | undefined;
  readonly agent: boolean;
  readonly waivers: readonly string[];
  /** Where a person on this host finds its page. */
  readonly address: string | undefined;
}

/** Networks by which the front hands requests on to a page begin like this. */
const pagePrefix = "page-";

/** Every service of the machine with what the daemon says, then containers of the estate that no service explains. */
export function statusRows(definition: MachineDefinition, estate: string, live: readonly LiveContainer[]): Row[] {
  const byService = new Map(live.map((container) => [container.service, container]));
  const wanted = definition.services.map((service): Row => {
    const found = byService.get(service.name);
    byService.delete(service.name);
    return {
      service: service.name,
      container: `${estate}-${service.name}`,
      ...facts(found),
      idle: service.idle,
      address: found === undefined ? undefined : pageAddress(service, found),
    };
  });
  const unexplained = [...byService.values()].map((container): Row => {
    const { service, name } = container;
    return { service, container: name, ...facts(container), idle: undefined, address: undefined };
  });
  return [...wanted, ...unexplained];
}

type Facts = Omit<Row, "service" | "container" | "idle" | "address">;

function facts(found: LiveContainer | undefined): Facts {
  return {
    health: healthOf(found),
    networks: found?.networks.map(({ name }) => name) ?? [],
    memoryUsedMiB: mebibytes(found?.memoryUsed),
    memoryLimitMiB: mebibytes(found?.memoryLimit),
    program: found === undefined ? "unknown" : found.standIn ? "stand-in" : "real",
    agent: found?.agent ?? false,
    waivers: found?.waivers ?? [],
  };
}

function healthOf(found: LiveContainer | undefined): Health {
  if (found === undefined) return "missing";
  if (found.state !== "running") return "stopped";
  if (found.health === undefined || found.health === "none") return "running";
  if (found.health === "healthy" || found.health === "starting") return found.health;
  return "unhealthy";
}

/** Pages are the front and what stands behind it; each answers on its container's own address, for this host only. */
function pageAddress({ listens }: Pick<ServiceSpec, "listens">, { networks }: LiveContainer): string | undefined {
  const reachable = networks.find((network) => network.name.startsWith(pagePrefix) && network.address !== "");
  const port = listens.find((listened) => typeof listened === "number");
  if (reachable === undefined || port === undefined) return undefined;
  return `http://${reachable.address}:${String(port)}`;
}

/** Whether everything that is wanted is there and well. */
export function allWell(rows: readonly Row[]): boolean {
  return rows.every(({ health }) => health === "healthy" || health === "running");
}

function mebibytes(bytes: number | undefined): number | undefined {
  return bytes === undefined || bytes === 0 ? undefined : Math.round(bytes / 1024 ** 2);
}
