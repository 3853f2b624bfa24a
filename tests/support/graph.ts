import { createHash } from "node:crypto";
import { join } from "node:path";
import { HOST_PROGRAM } from "#components/host/bundle/host-script.ts";
import { shellFile, shellQuote } from "#components/lib/shell.ts";
import { checkout } from "#helpers/files/directories.ts";

/** A resource of a preview, reduced to what a reviewer looks at. */
type GraphNode = Readonly<Record<string, unknown>>;

/** The resources of a preview by `<type> <name>`, in the order of these keys. */
export type Graph = Readonly<Record<string, GraphNode>>;

interface Preview {
  readonly steps: readonly { readonly op: string; readonly newState: PreviewState }[];
}

interface PreviewState {
  readonly urn: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly replaceOnChanges?: readonly string[];
}

/** What the engine writes where preview cannot know a value. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What runs on machines, as it stands in a script that is sent to one. */
const PROGRAMS: readonly (readonly [name: string, text: string])[] = [
  ["program", shellQuote(HOST_PROGRAM)],
  ...["host/bundle/deliver.sh", "host/ready.sh", "container/limits.sh"].map(
    (file) => [file, shellFile(join(checkout, "components", file))] as const,
  ),
];

/**
 * Reads the output of `pulumi preview --json`. Images become keys of the lock, unknown values and secrets are marked,
 * and texts of several lines become lists of lines, so that a difference shows the line. Programs become hashes, and the
 * files of a machine's bundle are there as they will lie on it.
 */
export function graphOf(json: string, imageKey: (reference: string) => string): Graph {
  const { steps } = JSON.parse(json) as Preview;
  const nodes = steps.map(({ op, newState: state }) => {
    if (op !== "create") throw new Error(`${state.urn}: ${op} in the preview of an empty stack`);
    const node = {
      ...(state.parent !== undefined && { parent: shortName(state.parent) }),
      ...(state.provider !== undefined && { provider: shortName(state.provider) }),
      ...(state.dependencies && { dependsOn: state.dependencies.map(shortName).sort() }),
      ...(state.protect === true && { protect: true }),
      ...(state.retainOnDelete === true && { retainOnDelete: true }),
      ...(state.replaceOnChanges && { replaceOnChanges: state.replaceOnChanges }),
      ...(state.inputs && { inputs: readable(state.inputs, imageKey) }),
    };
    return [shortName(state.urn), node] as const;
  });
  const keys = new Set(nodes.map(([key]) => key));
  if (keys.size !== nodes.length) throw new Error("two resources with the same type and name");
  return Object.fromEntries(nodes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `urn:pulumi:stack::project::Parent$type::name[::id]` as `type name`. */
function shortName(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.slice(types.lastIndexOf("$") + 1)} ${name}`;
}

function readable(value: unknown, imageKey: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => readable(item, imageKey));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !key.startsWith("__"))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [key, readable(item, imageKey)]),
    );
  }
  if (typeof value !== "string") return value;
  if (value === UNKNOWN) return "<unknown>";
  if (value === "[secret]") return "<secret>";
  if (/@sha256:[0-9a-f]{64}$/.test(value)) return `<image ${imageKey(value)}>`;
  return value.includes("\n") ? withoutPrograms(value).split("\n").flatMap(fileOf) : value;
}

function withoutPrograms(script: string): string {
  return PROGRAMS.reduce((text, [name, program]) => {
    const hash = createHash("sha256").update(program).digest("hex").slice(0, 12);
    return text.replaceAll(program, () => `<${name} ${hash}>${program.endsWith("\n") ? "\n" : ""}`);
  }, script);
}

/** A line of a bundle without its base64, and behind it the lines of the file. */
function fileOf(line: string): string[] {
  const [, entry, content = ""] = /^(entry (?:\S+ ){8})([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
  if (entry === undefined) return [line];
  const lines = Buffer.from(content, "base64").toString().split("\n");
  return [entry.trimEnd(), ...lines.map((text) => `  ${text}`)];
}

/** What changed from one graph to another, a line each: which resource, which property, from what to what. */
export function graphDifference(before: Graph, after: Graph): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => {
    if (!(key in after)) return [`- ${key}`];
    if (!(key in before)) return [`+ ${key}`];
    return valueDifference(before[key], after[key], "").map((line) => `~ ${key}: ${line}`);
  });
}

function valueDifference(before: unknown, after: unknown, path: string): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => valueDifference(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  return [`${path}: ${show(before)} -> ${show(after)}`];
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
