import type { ServiceFiles } from "../files/plan-files.ts";
import { own } from "../lib/own.ts";
import type { Problem } from "../lib/problems.ts";
import type { Settings } from "../settings/settings.ts";
import { secretProblems } from "./secret-problems.ts";
import type { SecretSpec } from "./secret.ts";

/** A secret as this deployment has it. */
export interface PlannedSecret extends SecretSpec {
  /** Counts the rotations, from 1. */
  readonly generation: number;
  /** ISO date of the last rotation, where the settings name it. */
  readonly rotated?: string;
  /** `stand-in`: a lab makes up what nobody gave it. */
  readonly value: "minted" | "setting" | "stand-in";
  /** Services whose files hold it, sorted. */
  readonly readers: readonly string[];
}

export interface SecretPlan {
  readonly secrets: readonly PlannedSecret[];
  /** Changes with the secret's values and tells nothing of them. */
  readonly versionOf: (secret: string) => string;
  readonly problems: readonly Problem[];
}

/**
 * Works out the secrets of a machine: who reads each, and where its value comes from.
 *
 * @param given settings of external secrets that have a value, and whether it is kept encrypted
 */
export function planSecrets(
  specs: readonly SecretSpec[],
  files: readonly ServiceFiles[],
  settings: Settings,
  given: ReadonlyMap<string, "secret" | "plain">,
): SecretPlan {
  const generationOf = (name: string): number => own(settings.secrets, name)?.generation ?? 1;
  const sources = new Map(specs.map(({ name, source }) => [name, source]));
  const versionOf = (name: string): string => {
    const source = sources.get(name);
    const own = String(generationOf(name));
    // A new authority signs every certificate anew.
    return source?.type === "certificate" ? `${own}/${String(generationOf(source.authority))}` : own;
  };
  const secrets = specs.map((spec): PlannedSecret => {
    const reading = files.filter(({ secrets: used }) => used.includes(spec.name));
    const readers = [...new Set(reading.map(({ service }) => service))];
    const rotated = settings.secrets[spec.name]?.rotated;
    return {
      ...spec,
      generation: generationOf(spec.name),
      ...(rotated !== undefined && { rotated }),
      value: valueOf(spec, settings, given),
      readers,
    };
  });
  return { secrets, versionOf, problems: secretProblems(specs, files, settings, given) };
}

function valueOf(
  { source }: SecretSpec,
  { lab }: Settings,
  given: ReadonlyMap<string, "secret" | "plain">,
): PlannedSecret["value"] {
  if (source.type !== "external") return "minted";
  return lab && !given.has(source.setting) ? "stand-in" : "setting";
}
