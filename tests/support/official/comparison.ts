/** Two answers to one question, laid beside each other, and what was known of their differences before. */
import { isProperties, openSecrets } from "#helpers/pulumi/values.ts";
import type { Properties } from "#helpers/pulumi/values.ts";

/** Calls of the protocol that are compared; `Docker` is what the daemon shows of what Create made. */
type ComparedCall = "Check" | "Preview" | "Create" | "Docker" | "Read" | "Diff";

/** A difference that is known and meant. */
export interface KnownDifference {
  readonly type: string;
  readonly call: ComparedCall;
  /** Where it is: a path in the answer with `[]` for an index; for Diff the property and what was done to it. */
  readonly path: string;
  readonly reason: string;
}

interface Found {
  readonly type: string;
  readonly call: ComparedCall;
  readonly path: string;
  readonly official: unknown;
  readonly lab: unknown;
  readonly resources: string[];
}

/** Keeps count of what was compared, and of each difference once with everybody that has it. */
export class Comparison {
  readonly #counts = new Map<string, number>();
  readonly #found = new Map<string, Found>();

  /** Compares the two answers about one resource. */
  compare(resource: { type: string; name: string }, call: ComparedCall, official: unknown, lab: unknown): void {
    const key = `${shortType(resource.type)} ${call}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    const found = differences(plain(official), plain(lab), "");
    // What is not set is nothing in one state and an empty value in the other: both mean the same.
    const told = states.has(call) ? found.filter(({ values }) => !values.every(isEmpty)) : found;
    for (const { path, values } of told) {
      const difference = `${key} ${path} ${JSON.stringify(values)}`;
      const known = this.#found.get(difference);
      if (known !== undefined) known.resources.push(resource.name);
      else {
        const [ofOfficial, ofLab] = values;
        const about = { type: shortType(resource.type), call, path, resources: [resource.name] };
        this.#found.set(difference, { ...about, official: ofOfficial, lab: ofLab });
      }
    }
  }

  /** How many answers were compared, by type and call. */
  counts(): string {
    return [...this.#counts].map(([key, count]) => `  ${key}: ${String(count)}`).join("\n");
  }

  /** One line for each difference. */
  differences(): string[] {
    return [...this.#found.values()].map(describe);
  }

  /** What is wrong: differences that nobody knew of, and known ones of these types that do not occur. */
  problems(known: readonly KnownDifference[]): string[] {
    const found = [...this.#found.values()];
    const isSame = (one: Found, other: KnownDifference): boolean =>
      one.type === other.type && one.call === other.call && one.path === other.path;
    const unknown = found.filter((one) => !known.some((other) => isSame(one, other)));
    const types = new Set([...this.#counts.keys()].map((key) => key.split(" ")[0]));
    const gone = known.filter((one) => types.has(one.type) && !found.some((other) => isSame(other, one)));
    return [
      ...unknown.map((one) => `differs: ${describe(one)}`),
      ...gone.map(({ type, call, path }) => `no longer differs, take it off the list: ${type} ${call} ${path}`),
    ];
  }
}

function describe({ type, call, path, official, lab, resources }: Found): string {
  const [first = "", ...others] = resources;
  const who = others.length === 0 ? first : `${first} and ${String(others.length)} more`;
  return `${type} ${call} ${path}: official ${show(official)}, lab ${show(lab)} (${who})`;
}

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

/** `docker:index/container:Container` is `docker.Container`. */
function shortType(type: string): string {
  const [packageName = "", , name = ""] = type.split(":");
  return `${packageName}.${name}`;
}

const states: ReadonlySet<ComparedCall> = new Set(["Preview", "Create", "Docker", "Read"]);

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isProperties(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === "" || value === false || value === 0;
}

/** Bookkeeping of one plugin alone, which says nothing about the resource; the id is given beside the outputs. */
const bookkeeping = new Set(["__defaults", "__meta", "__garrisonLab", "__pulumi_raw_state_delta", "id"]);

/** Secrets with a mark that can be compared, without what is each plugin's own. */
function plain(value: unknown): unknown {
  if (!isProperties(value)) return withoutBookkeeping(value);
  const { plain: opened, secrets } = openSecrets(value);
  const rest = withoutBookkeeping(opened);
  const sealed = secrets.filter(([name]) => !bookkeeping.has(String(name))).map((path) => path.join("."));
  return sealed.length === 0 ? rest : { ...(rest as Properties), "(secret)": sealed.sort() };
}

function withoutBookkeeping(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBookkeeping);
  if (!isProperties(value)) return value;
  const kept = Object.entries(value).filter(([name, item]) => !bookkeeping.has(name) && item !== undefined);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutBookkeeping(item)]));
}

interface Unequal {
  readonly path: string;
  readonly values: readonly [unknown, unknown];
}

function differences(official: unknown, lab: unknown, path: string): Unequal[] {
  if (Array.isArray(official) && Array.isArray(lab) && official.length === lab.length) {
    return official.flatMap((item, index) => differences(item, lab[index], `${path}[]`));
  }
  if (isProperties(official) && isProperties(lab)) {
    const names = [...new Set([...Object.keys(official), ...Object.keys(lab)])].sort();
    return names.flatMap((name) => differences(official[name], lab[name], path === "" ? name : `${path}.${name}`));
  }
  return JSON.stringify(official) === JSON.stringify(lab) ? [] : [{ path, values: [official, lab] }];
}
