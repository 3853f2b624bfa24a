import type { Properties, ValuePath } from "@garrison/helpers/pulumi/values.ts";

/** What a command is fed: an input among these that is secret makes whatever the command prints a secret too. */
const fed = new Set(["create", "update", "delete", "stdin", "environment", "interpreter", "dir", "command"]);

const withheld = "[secret]";
/** Shorter words than this give nothing away, and hiding them would make every message unreadable. */
const shortest = 4;

/** How a command's output may be shown. */
export interface Secrecy {
  /** Whether the command is fed a secret. */
  readonly tainted: boolean;
  /** Whether this input is secret as a whole or in part. */
  hides(input: string): boolean;
  /** The text without the words that occur in a secret that the command is fed. */
  redact(text: string): string;
}

/** The outputs that are secret because of the inputs that are. */
export function taintedOutputs(secretInputs: ReadonlySet<string>): readonly string[] {
  return [...secretInputs].some((name) => fed.has(name)) ? ["stdout", "stderr"] : [];
}

/**
 * @param paths where the secrets are in the inputs
 */
export function secrecyOf(inputs: Properties, paths: readonly ValuePath[]): Secrecy {
  const relevant = paths.filter(([name]) => fed.has(String(name)));
  const secret = relevant.flatMap((path) => texts(valueAt(inputs, path))).join("\n");
  const hides = (input: string) => relevant.some(([name]) => name === input);
  const open = ["create", "update", "delete", "command"]
    .filter((name) => !hides(name))
    .flatMap((name) => texts(inputs[name]))
    .join("\n");
  const redactWord = (word: string) =>
    word.length >= shortest && secret.includes(word) && !open.includes(word) ? withheld : word;
  return {
    tainted: relevant.length > 0,
    hides,
    redact: (text) => (secret === "" ? text : text.replaceAll(/[^\s"'`=:,;{}()[\]<>]+/g, redactWord)),
  };
}

function valueAt(root: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>((value, key) => {
    return typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
  }, root);
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}
