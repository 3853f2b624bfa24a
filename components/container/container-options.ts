import { nearName } from "../lib/near-name.ts";
import { z } from "zod";
import type { Problem } from "../lib/problems.ts";
import { containerSchema } from "./container-schema.ts";
import { officialInputs } from "./official-inputs.ts";
import { shown } from "./report.ts";

/** What is looked at in the place of a required option that cannot be read. */
const SOUND = {
  containerName: "container",
  image: `sha256:${"0".repeat(64)}`,
  user: { uid: 20_001, gid: 20_001 },
  memory: 6,
  cpus: 1,
  pids: 1,
  writable: {},
  health: { test: ["CMD", "true"] },
  listens: [],
  networks: [],
};

/** Words of ours for the library's types. */
const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  tuple: "[soft, hard]",
  record: "a mapping from name to value",
};

/**
 * Options that nobody knows or that are of another type: from JavaScript, or from an object that was spread. Dropped
 * without a word they would look as if they held.
 *
 * @returns the problems, and the options that can be looked at further, with sound ones in the place of those that cannot
 */
export function optionProblems(name: string, given: object): { problems: Problem[]; readable: object } {
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { error } = containerSchema.safeParse(said);
  if (error === undefined) return { problems: [], readable: said };
  const problems = error.issues.flatMap((issue) => issueProblems(name, said, issue));
  const unreadable = new Set(
    error.issues.flatMap(({ path, ...issue }) =>
      issue.code === "unrecognized_keys" && path.length === 0 ? issue.keys : [String(path[0])],
    ),
  );
  const readable = Object.fromEntries(Object.entries(said).filter(([key]) => !unreadable.has(key)));
  return { problems, readable: { ...SOUND, ...readable } };
}

function issueProblems(name: string, said: object, issue: z.core.$ZodIssue): Problem[] {
  const at = [name, ...issue.path.map((key) => labelled(said, issue.path, key))].join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      property: `${at}.${key}`,
      found: "an unknown option",
      expected: expectedFor(key, issue.path),
    }));
  // Of the alternatives, the one that was meant is told in full.
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const value = valueAt(said, issue.path);
    const meant =
      typeof value === "object" ? issue.errors.findLast((one) => one.some(({ path }) => path.length > 0)) : undefined;
    if (meant !== undefined)
      return meant.flatMap((one) => issueProblems(name, said, { ...one, path: [...issue.path, ...one.path] }));
  }
  return [{ property: at, found: shown(valueAt(said, issue.path)), expected: expected(issue, issue.path) }];
}

function expected(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "object"
        ? `an object with ${optionsAt(containerSchema, path).join(", ")}`
        : (TYPES[issue.expected] ?? issue.expected);
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return issue.errors.length === 0
        ? "one of volume, tmpfs, bind"
        : [...new Set(issue.errors.flatMap((all) => all.map((one) => expected(one, path))))].join(", or ");
    default:
      return "a plain value";
  }
}

/** What to say instead of an option that is none. */
function expectedFor(key: string, path: readonly PropertyKey[]): string {
  const known = optionsAt(containerSchema, path);
  const official =
    path.length === 0 && Object.hasOwn(officialInputs, key)
      ? officialInputs[key as keyof typeof officialInputs]
      : undefined;
  if (official !== undefined) return official.instead ?? official.options.join(", ");
  const meant = nearName(key, known);
  return meant === undefined ? `one of ${known.join(", ")}` : `an option of it; did you mean ${meant}?`;
}

/** Names of the options below a path. */
function optionsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional) return optionsAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.flatMap((one) => optionsAt(one, path)))];
  const [key, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    if (key === undefined) return Object.keys(schema.shape);
    const inner = (schema.shape as Readonly<Record<PropertyKey, z.core.$ZodType | undefined>>)[key];
    return inner === undefined ? [] : optionsAt(inner, rest);
  }
  if (schema instanceof z.ZodArray) return optionsAt(schema.element, rest);
  return schema instanceof z.ZodRecord ? optionsAt(schema.valueType, rest) : [];
}

/** A waiver is known by its id, and anything else by its place. */
function labelled(said: object, path: readonly PropertyKey[], key: PropertyKey): string {
  if (path[0] !== "waivers" || typeof key !== "number") return String(key);
  const id = valueAt(said, ["waivers", key, "id"]);
  return typeof id === "string" ? id : String(key);
}

function valueAt(from: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    from,
  );
}
