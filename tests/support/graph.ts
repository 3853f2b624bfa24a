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

/**
 * Reads the output of `pulumi preview --json`. Images become keys of the lock, unknown values and secrets are marked,
 * and texts of several lines become lists of lines, so that a difference shows the line.
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
  return value.includes("\n") ? value.split("\n") : value;
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
