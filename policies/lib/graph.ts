import { dangerOf } from "./host-path.ts";
import { declarationsOf } from "./declarations.ts";
import type { Declared } from "./declarations.ts";
import { isAgent, roleLabelOf, trustLabelOf } from "./labels.ts";
import { behindVolume, mountsOf, overlap } from "./mounts.ts";
import type { Mount } from "./mounts.ts";
import { show } from "./properties.ts";
import type { Resource, Stack } from "./resource.ts";
import type { Settings } from "./settings.ts";
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
export interface Joined {
  readonly name: string;
  /** Path of the property that says so. */
  readonly property: string;
}

/** Something that a property shows. */
export interface Shown {
  readonly property: string;
  readonly found: string;
}

/** A container that another reaches, and how. */
export interface Neighbour extends Shown {
  readonly program: Program;
}

/** Who reaches whom, as far as the resources show it. */
export interface Graph {
  readonly programs: readonly Program[];
  /** The containers with a role. */
  readonly withRole: (role: string) => readonly Program[];
  /** The containers in the host's own network. */
  readonly onHost: readonly Program[];
  /** The containers that a container shares a network with: either can begin a connection to the other. */
  readonly neighbours: (program: Program) => readonly Neighbour[];
  /** How a container reaches, or is reached from, outside of the program. */
  readonly waysOut: (program: Program) => readonly Shown[];
  /** Other containers that mount the same, or a part of it. */
  readonly sharers: (program: Program, mount: Mount) => readonly Program[];
}

const known = new WeakMap<Stack, Graph>();

/** Works the graph of a stack out, once for all rules. */
export function graphOf(stack: Stack): Graph {
  const before = known.get(stack);
  if (before !== undefined) return before;
  const graph = build(stack);
  known.set(stack, graph);
  return graph;
}

/** The containers that run code a model chose: by label, by settings or by declaration. */
export function agentsOf(stack: Stack, settings: Settings): readonly Program[] {
  return graphOf(stack).programs.filter(({ resource, roles }) => roles.has("agent") || isAgent(resource, settings));
}

/** How a container holds the control of a container daemon, or undefined when nothing shows that it does. */
export function controlOf({
  resource,
  mounts,
  roles,
}: Pick<Program, "resource" | "mounts" | "roles">): Shown | undefined {
  const mount = mounts.find(
    ({ kind, source, readOnly }) => kind === "host" && dangerOf(source, { readOnly })?.kind === "socket",
  );
  if (mount !== undefined) return { property: mount.property, found: `${show(mount.source)}, a control socket` };
  const daemon = resource.properties.texts("envs").find(({ value }) => /^DOCKER_HOST=./i.test(value));
  if (daemon !== undefined) return { property: daemon.path, found: "DOCKER_HOST, the address of a daemon" };
  const port = resource.properties.objects("ports").find((own) => /^237[56]$/.test(own.text("internal") ?? ""));
  if (port !== undefined)
    return { property: port.path("internal"), found: `port ${port.text("internal") ?? ""}, a daemon's` };
  return roles.has("docker-api-proxy") ? { property: "name", found: "a declared proxy of the Docker API" } : undefined;
}

function build(stack: Stack): Graph {
  const networks = networksOf(stack);
  const programs = programsOf(stack);
  const members = new Map<string, Program[]>();
  for (const program of programs)
    for (const name of new Set(program.networks.map((own) => own.name))) push(members, name, program);
  const onHost = programs.filter((program) => program.onHost);
  const volumes = new Map<string, Program[]>();
  const bound: (readonly [Mount, Program])[] = [];
  for (const program of programs)
    for (const mount of program.mounts) {
      if (mount.kind === "volume") push(volumes, mount.source, program);
      else bound.push([mount, program]);
    }
  const withRole = Map.groupBy(
    programs.flatMap((program) => [...program.roles].map((role) => ({ role, program }))),
    ({ role }) => role,
  );
  const neighbours = (program: Program): Neighbour[] => {
    if (program.onHost) {
      const found = "the host's network, which reaches every container";
      return others(program, programs).map((other) => ({ program: other, property: "networkMode", found }));
    }
    const over = program.networks
      .filter(({ name }) => networks.get(name)?.isolates !== true)
      .flatMap(({ name, property }) =>
        others(program, members.get(name) ?? []).map((other) => ({
          program: other,
          property,
          found: `${show(name)}, where ${show(other.name)} is`,
        })),
      );
    return [...new Map(over.map((one) => [one.program, one])).values()];
  };
  return {
    programs,
    onHost,
    withRole: (role) => withRole.get(role)?.map(({ program }) => program) ?? [],
    neighbours: once(neighbours),
    waysOut: once((program) => waysOut(program, networks)),
    sharers: (program, mount) => {
      const candidates =
        mount.kind === "volume"
          ? (volumes.get(mount.source) ?? [])
          : bound.filter(([other]) => overlap(mount, other)).map(([, owner]) => owner);
      return [...new Set(others(program, candidates))];
    },
  };
}

function once<T>(work: (program: Program) => T): (program: Program) => T {
  const done = new Map<Program, T>();
  return (program) => {
    const before = done.get(program);
    if (before !== undefined) return before;
    const result = work(program);
    done.set(program, result);
    return result;
  };
}

function others(program: Program, among: readonly Program[]): Program[] {
  return among.filter((other) => other.resource !== program.resource);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const own = map.get(key);
  if (own === undefined) map.set(key, [value]);
  else own.push(value);
}

interface Network {
  /** Undefined when preview cannot know it. */
  readonly internal: boolean | undefined;
  /** Whether its members are kept from each other. */
  readonly isolates: boolean;
}

function networksOf(stack: Stack): Map<string, Network> {
  const networks = new Map<string, Network>();
  for (const { name, properties } of stack.ofType(type.network)) {
    const own = properties.text("name") ?? name;
    const icc = properties.object("options").text("com.docker.network.bridge.enable_icc")?.trim().toLowerCase();
    const internal = properties.isUnknown("internal") ? undefined : properties.flag("internal") === true;
    const before = networks.get(own);
    // Of two with one name, on two hosts for instance, the weaker counts.
    networks.set(own, {
      internal: before?.internal === false ? false : internal,
      isolates: before?.isolates !== false && (icc === "false" || icc === "0" || icc === "f"),
    });
  }
  return networks;
}

function waysOut(program: Program, networks: ReadonlyMap<string, Network>): Shown[] {
  const { properties } = program.resource;
  if (program.onHost) return [{ property: "networkMode", found: "the host's network" }];
  const seen = new Set<string>();
  const over = program.networks.flatMap(({ name, property }) => {
    if (seen.has(name)) return [];
    seen.add(name);
    const network = networks.get(name);
    if (network?.internal === true || (network !== undefined && network.internal === undefined)) return [];
    const what = DEFAULT_BRIDGE.has(name)
      ? "Docker's default bridge"
      : network === undefined
        ? "a network that this program does not declare"
        : "a network that leads out";
    return [{ property, found: `${show(name)}, ${what}` }];
  });
  const published = properties.objects("ports").map((port) => ({
    property: port.path("internal"),
    found: `port ${port.text("internal") ?? ""}, published on ${port.text("ip") ?? "every address"} of the host`,
  }));
  return [...over, ...published];
}

const DEFAULT_BRIDGE = new Set(["bridge", "default"]);

function programsOf(stack: Stack): Program[] {
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

function ownNetworks({ properties }: Resource, mode: string): Joined[] {
  const named = properties.objects("networksAdvanced").flatMap((own): Joined[] => {
    const name = own.text("name");
    return name === undefined ? [] : [{ name, property: own.path("name") }];
  });
  const lower = mode.toLowerCase();
  if (lower === "none") return named;
  if (mode !== "")
    return [...named, { name: lower === HOST || DEFAULT_BRIDGE.has(lower) ? lower : mode, property: "networkMode" }];
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
