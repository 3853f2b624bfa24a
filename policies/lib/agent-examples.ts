import { container, labels } from "./examples.ts";
import type { Example, ExampleResource } from "./rule.ts";
import { type } from "./types.ts";

/** A seccomp profile that is strict enough for an agent, if hardly of use to one. */
const NARROW_PROFILE =
  '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","write","exit_group"],"action":"SCMP_ACT_ALLOW"}]}';

type Changes = Readonly<Record<string, unknown>>;

/** Makes the resources of one example, whose names nothing else in the pack has: examples are also judged together. */
interface Scene {
  /** The name on the host of something of this scene. */
  readonly name: (short: string) => string;
  /** An agent without a network, which passes every rule. */
  readonly agent: (changes?: Changes, short?: string, marks?: Readonly<Record<string, string>>) => ExampleResource;
  /** A container with a role, on networks of the scene; without any it has no network. */
  readonly program: (role: string, networks: readonly string[], changes?: Changes, short?: string) => ExampleResource;
  /** A network of the scene without a way out. */
  readonly network: (short: string, changes?: Changes) => ExampleResource;
  /** A volume of the scene, as Docker makes one where nothing is said. */
  readonly volume: (short: string, changes?: Changes) => ExampleResource;
  /** A component that declares something; containers by their short names. */
  readonly declares: (declarations: Changes, programs?: Readonly<Record<string, unknown>>) => ExampleResource;
}

/** Opens the scene of an example: `id` is unique in the pack. */
export function scene(id: string): Scene {
  const name = (short: string): string => `${id}-${short}`;
  const member = (short: string, role: string, changes: Changes, marks: Readonly<Record<string, string>>) =>
    container(
      {
        user: userOf(name(short)),
        networkMode: "none",
        networksAdvanced: undefined,
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "3" },
        labels: labels({ ...(role !== "" && { "garrison.role": role }), ...marks }),
        ...changes,
      },
      name(short),
    );
  return {
    name,
    agent: (changes = {}, short = "agent", marks = {}) =>
      member(
        short,
        "agent",
        { runtime: "runsc", securityOpts: ["no-new-privileges:true", `seccomp=${NARROW_PROFILE}`], ...changes },
        marks,
      ),
    program: (role, networks, changes = {}, short = role) =>
      member(short, role, { ...on(networks.map(name)), ...changes }, {}),
    network: (short, changes = {}) => ({
      type: type.network,
      name: name(short),
      properties: { name: name(short), internal: true, ...changes },
    }),
    volume: (short, changes = {}) => ({
      type: type.volume,
      name: name(short),
      properties: { name: name(short), ...changes },
    }),
    declares: (declarations, programs = {}) => ({
      type: "example:index:Declarations",
      name: name("declarations"),
      properties: {
        garrisonDeclarations: {
          ...declarations,
          programs: Object.fromEntries(Object.entries(programs).map(([short, own]) => [name(short), own])),
        },
      },
    }),
  };
}

/** A configuration of OpenClaw that passes every rule, with some sections changed. */
export function openclaw(changes: Changes = {}): Changes {
  const docker = { network: "none", capDrop: ["ALL"], readOnlyRoot: true, user: "20002:20002" };
  return { agents: { defaults: { sandbox: { mode: "all", docker } } }, ...changes };
}

/** A declared bridge that passes every rule, with some fields changed. */
export function bridge(id: string, changes: Changes = {}, key: Changes = {}): Changes {
  return {
    from: "host",
    to: `${id}-gateway`,
    signature: "hmac-sha256",
    windowSeconds: 300,
    replayStore: true,
    key: { name: `${id}-key`, bytes: 32, ...key },
    ...changes,
  };
}

/** The networks of a container, as the provider wants them. */
export function on(networks: readonly string[]): Changes {
  if (networks.length === 0) return { networkMode: "none", networksAdvanced: undefined };
  return { networkMode: undefined, networksAdvanced: networks.map((name) => ({ name })) };
}

/** An example whose resources are made in a scene of its own. */
export function staged(id: string, title: string, resources: (own: Scene) => readonly ExampleResource[]): Example {
  return { title, resources: resources(scene(id)) };
}

/** No two containers of all examples share a user. */
function userOf(name: string): string {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_000_007;
  const id = String(100_000 + hash);
  return `${id}:${id}`;
}
