import { parse, stringify } from "yaml";
import { z } from "zod";
import { problem } from "#helpers/terminal/report.ts";

const settingsSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

/** What a lab sets, by the full name of the setting. */
export type LabSettings = Readonly<Record<string, unknown>>;

/** What Pulumi writes at the top of a settings file to be able to read its secrets again. */
const engineKeys = ["encryptionsalt", "encryptedkey", "secretsprovider"];

/**
 * The text of the lab's settings file: the committed file, with the lab's values over it, and with what Pulumi wrote
 * into the former copy (salt and secret values) kept. Of each secret's rotation the further one counts: a rotation that was
 * done does not come undone because the committed file does not know of it. `source` names the committed file in a message.
 */
export function mergeSettings(
  committed: string,
  former: string | undefined,
  lab: LabSettings,
  source = "settings",
): string {
  const base = read(committed, source);
  const copy = former === undefined ? {} : read(former, "the lab's copy of the settings");
  const kept = Object.fromEntries(engineKeys.filter((key) => key in copy).map((key) => [key, copy[key]]));
  const config = {
    ...base.config,
    ...rotations(base.config ?? {}, copy.config ?? {}),
    ...secrets(copy.config ?? {}),
    ...lab,
  };
  return `# Made from ${source} by every run; change that file, not this one.\n${stringify({ ...base, config, ...kept })}`;
}

/** Names of plain settings that the copy holds but the next run would not write: they were set by hand. */
export function handMadeSettings(copy: string, remade: string): string[] {
  const config = read(copy, "copy").config ?? {};
  const next = read(remade, "copy").config ?? {};
  return Object.keys(config).filter((key) => stringify(config[key]) !== stringify(next[key]));
}

function read(text: string, source: string): z.infer<typeof settingsSchema> {
  const result = settingsSchema.safeParse(parse(text) ?? {});
  if (result.success) return result.data;
  throw problem("This is not a Pulumi settings file", {
    property: source,
    found: z.prettifyError(result.error),
    expected: "config: with one line a setting",
    fix: `git checkout ${source}`,
  });
}

const rotationKey = "garrison:secrets";
const rotationsSchema = z.record(z.string(), z.looseObject({ generation: z.number() }));

function rotations(base: Readonly<Record<string, unknown>>, copy: Readonly<Record<string, unknown>>) {
  const committed = rotationsSchema.safeParse(base[rotationKey]).data ?? {};
  const own = rotationsSchema.safeParse(copy[rotationKey]).data ?? {};
  const further = Object.entries(own).filter(
    ([name, { generation }]) => generation > (committed[name]?.generation ?? 0),
  );
  // What cannot be read as rotations is left for the program to refuse.
  return further.length === 0 ? {} : { [rotationKey]: { ...committed, ...Object.fromEntries(further) } };
}

function secrets(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => holdsSecret(value)));
}

function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(holdsSecret);
}
