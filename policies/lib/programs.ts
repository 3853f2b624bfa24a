import { declarationsOf } from "./declarations.ts";
import type { Declared } from "./declarations.ts";
import { roleLabelOf, trustLabelOf } from "./labels.ts";
import { behindVolume, mountsOf } from "./mounts.ts";
import type { Mount } from "./mounts.ts";
import type { Resource, Stack } from "./resource.ts";
import { type } from "./types.ts";

/** A container and what the program says about it. */
export interface Program {
  readonly resource: Resource;
  /** Name on the host. */
  readonly name: string;
  /** What it is, by its label and by the declarations of components. */
  readonly roles: ReadonlySet<string>;
  /** What components declare of it. */
  readonly declared: readonly Declared[];
  readonly networks: readonly Joined[];
  readonly mounts: readonly Mount[];
  /** Whether it is in the host's own network, where it reaches everything. */
  readonly onHost: boolean;
}

/** A network that a container is on, or reaches through the container whose network it shares. */
interface Joined {
  readonly name: string;
  /** Path of the property that says so. */
  readonly property: string;
}

/** The names of the network that a container is on when nothing else is said. */
const DEFAULT_BRIDGE: ReadonlySet<string> = new Set(["bridge", "default"]);

/** Whether a network mode says no more than that nothing was said: the provider fills `bridge` in. */
export function isDefaultMode(mode: string): boolean {
  return mode === "" || DEFAULT_BRIDGE.has(mode);
}

/** Every container of a stack. */
export function programsOf(stack: Stack): Program[] {
  const { programs: declared } = declarationsOf(stack);
  const volumes = new Map(
    stack.ofType(type.volume).flatMap(({ name, properties }) => {
      const behind = behindVolume(properties.object("driverOpts"));
      return behind === undefined ? [] : [[properties.text("name") ?? name, behind] as const];
    }),
  );
  const containers = stack.ofType(type.container);
  const byName = new Map(containers.map((resource) => [nameOf(resource), resource]));
  return containers.map((resource): Program => {
    const name = nameOf(resource);
    const own = declared.get(name) ?? [];
    const roles = [
      roleLabelOf(resource),
      ...own.map(({ properties }) => properties.text("role")?.trim().toLowerCase()),
    ];
    const networks = networksJoined(resource, byName);
    return {
      resource,
      name,
      roles: new Set(roles.filter((role) => role !== undefined && role !== "")) as Set<string>,
      declared: own,
      networks,
      mounts: allMounts(resource, byName).map((mount) => {
        const behind = mount.kind === "volume" ? volumes.get(mount.source) : undefined;
        return behind === undefined ? mount : { ...mount, kind: "host", ...behind };
      }),
      onHost: networks.some((network) => network.name === HOST),
    };
  });
}

/** No network has this name: Docker keeps it for itself. */
const HOST = "host";

/** The name on the host. */
export function nameOf({ name, properties }: Resource): string {
  return properties.text("name") ?? name;
}

function networksJoined(resource: Resource, byName: ReadonlyMap<string, Resource>): Joined[] {
  const seen = new Set<Resource>();
  let current = resource;
  for (;;) {
    seen.add(current);
    const { properties } = current;
    const mode = (properties.text("networkMode") ?? "").trim();
    const next = /^container:(.*)$/i.exec(mode)?.[1];
    if (next === undefined) {
      const joined = ownNetworks(current, mode);
      return current === resource ? joined : joined.map(({ name }) => ({ name, property: "networkMode" }));
    }
    const other = byName.get(next);
    // Where the namespace belongs to a container of another program, nothing is known of it.
    if (other === undefined || seen.has(other)) return [{ name: mode, property: "networkMode" }];
    current = other;
  }
}

/**
 * The provider writes `bridge` where the program gives no mode, and takes the container off the bridge again before its
 * first start where networks are named: the bridge counts only without them.
 */
function ownNetworks({ properties }: Resource, mode: string): Joined[] {
  const named = properties.objects("networksAdvanced").flatMap((own): Joined[] => {
    const name = own.text("name");
    return name === undefined ? [] : [{ name, property: own.path("name") }];
  });
  const lower = mode.toLowerCase();
  if (lower === "none") return named;
  if (!isDefaultMode(lower)) return [...named, { name: lower === HOST ? lower : mode, property: "networkMode" }];
  const unknown = properties.isUnknown("networkMode") || properties.isUnknown("networksAdvanced");
  return named.length > 0 || unknown ? named : [{ name: "bridge", property: "networkMode" }];
}

function allMounts(resource: Resource, byName: ReadonlyMap<string, Resource>): Mount[] {
  const found: Mount[] = [...mountsOf(resource)];
  const seen = new Set<Resource>([resource]);
  const visit = (current: Resource, through: string | undefined, readOnly: boolean): void => {
    for (const volume of current.properties.objects("volumes")) {
      const other = byName.get((volume.text("fromContainer") ?? "").replace(/:r[ow]$/, ""));
      if (other === undefined || seen.has(other)) continue;
      seen.add(other);
      const property = through ?? volume.path("fromContainer");
      const only = readOnly || volume.flag("readOnly") === true;
      found.push(...mountsOf(other).map((mount) => ({ ...mount, property, readOnly: mount.readOnly || only })));
      visit(other, property, only);
    }
  };
  visit(resource, undefined, false);
  return found;
}

/** What a container is trusted with, by its label and by the declarations of components. */
export function trustOf({ resource, declared }: Program): ReadonlySet<string> {
  const listed = declared.flatMap(({ properties }) => properties.texts("trust").map(({ value }) => value));
  return new Set([...trustLabelOf(resource), ...listed]);
}
