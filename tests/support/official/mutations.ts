import { isAsset, isProperties } from "#helpers/pulumi/values.ts";
import type { Properties } from "#helpers/pulumi/values.ts";

/** Inputs with one thing changed. */
interface Mutation {
  /** The property and what was done to it, as in a list of differences: `memory changed`. */
  readonly what: string;
  readonly inputs: Properties;
}

/** Every input changed, taken away and, where it is a list, turned round: one at a time. */
export function mutationsOf(inputs: Properties): Mutation[] {
  return Object.entries(inputs)
    .filter(([name]) => !name.startsWith("__"))
    .flatMap(([name, value]) => {
      const without = Object.fromEntries(Object.entries(inputs).filter(([other]) => other !== name));
      const changed = changedValue(value);
      return [
        ...(changed === undefined ? [] : [{ what: `${name} changed`, inputs: { ...inputs, [name]: changed } }]),
        ...(Array.isArray(value) && value.length > 1
          ? [{ what: `${name} turned round`, inputs: { ...inputs, [name]: value.toReversed() } }]
          : []),
        { what: `${name} taken away`, inputs: without },
      ];
    });
}

/** Another value of the same form; of a secret, another secret. */
function changedValue(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return changedText(value);
  if (Array.isArray(value)) {
    const [first, ...others] = value as unknown[];
    return first === undefined ? undefined : [changedValue(first), ...others];
  }
  if (!isProperties(value) || isAsset(value)) return undefined;
  if (isEnvelope(value)) return { ...value, value: changedValue(value.value) };
  const [first] = Object.entries(value).filter(([name]) => !name.startsWith("__"));
  return first === undefined ? undefined : { ...value, [first[0]]: changedValue(first[1]) };
}

/** Durations, addresses and digests stay what they are. */
function changedText(text: string): string {
  if (/^\d+(ms|s|m|h)$/.test(text)) return `1${text}`;
  if (/^[\d.]+(\/\d+)?$/.test(text)) return text.replace(/\d/, (digit) => (digit === "1" ? "2" : "1"));
  if (/@sha256:[0-9a-f]{64}$/.test(text)) return `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`;
  return `${text}x`;
}

function isEnvelope(value: Properties): boolean {
  return "4dabf18193072939515e22adb298388d" in value;
}
