import { dangerOf } from "../../containment/host-path.ts";
import { isAgent } from "./labels.ts";
import { overlap } from "./mounts.ts";
import type { Mount } from "./mounts.ts";
import { isDefaultMode, programsOf } from "./programs.ts";
import type { Program } from "./programs.ts";
import { show } from "./properties.ts";
import type { Stack } from "./resource.ts";
import type { Settings } from "./settings.ts";
import { type } from "./types.ts";

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

/** A daemon's address, as its clients are told of it. */
const DAEMON =
  /^(DOCKER|CONTAINER|PODMAN)_HOST=.|\btcp:\/\/\S{1,256}:237[56]\b|\b(docker|podman|containerd|crio)\.sock\b/i;

const known = new WeakMap<Stack, Graph>();

/** Works the graph of a stack out, once for all rules. */
export function graphOf(stack: Stack): Graph {
  const before = known.get(stack);
  if (before !== undefined) return before;
  const graph = build(stack);
  known.set(stack, graph);
  return graph;
}

const knownAgents = new WeakMap<Graph, { readonly settings: Settings; readonly agents: readonly Program[] }>();

/** The containers that run code a model chose: by label, by settings or by declaration; in the order of their names. */
export function agentsOf(stack: Stack, settings: Settings): readonly Program[] {
  const graph = graphOf(stack);
  const before = knownAgents.get(graph);
  if (before?.settings === settings) return before.agents;
  const agents = graph.programs
    .filter(({ resource, roles }) => roles.has("agent") || isAgent(resource, settings))
    // The engine hands resources over in the order in which they were done with.
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  knownAgents.set(graph, { settings, agents });
  return agents;
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
  const daemon = (["envs", "command", "entrypoints"] as const)
    .flatMap((name) => resource.properties.texts(name))
    .find(({ value }) => DAEMON.test(value));
  if (daemon !== undefined) return { property: daemon.path, found: "the address of a daemon" };
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
    const seen = new Set<Program>();
    return over.filter((one) => !seen.has(one.program) && seen.add(one.program));
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
    const what = isDefaultMode(name)
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
