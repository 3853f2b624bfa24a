import type { ServiceFiles } from "../files/plan-files.ts";
import type { Problem } from "../lib/problems.ts";
import { removeCommand, setSecretCommand } from "../lib/config-command.ts";
import type { Settings } from "../settings/settings.ts";
import { referencesIn } from "./reference.ts";
import { fieldsOf } from "./secret.ts";
import type { SecretSpec } from "./secret.ts";

/** Everything that is wrong with a machine's secrets, its files' references to them, and the settings about them. */
export function secretProblems(
  specs: readonly SecretSpec[],
  files: readonly ServiceFiles[],
  settings: Settings,
  given: ReadonlyMap<string, "secret" | "plain">,
): Problem[] {
  const declared = new Map(specs.map((spec) => [spec.name, spec]));
  return [
    ...duplicates(specs),
    ...unread(specs, files),
    ...authorities(specs, declared),
    ...references(files, declared),
    ...missing(specs, settings, given),
    ...plain(given),
    ...unknownRotations(settings, declared),
  ];
}

function duplicates(specs: readonly SecretSpec[]): Problem[] {
  const names = specs.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => ({
    property: `secrets.${name}`,
    found: `declared ${String(names.filter((other) => other === name).length)} times`,
    expected: "one declaration",
  }));
}

/** Certificates read the authority that signs them. */
function unread(specs: readonly SecretSpec[], files: readonly ServiceFiles[]): Problem[] {
  const read = new Set([
    ...files.flatMap(({ secrets }) => secrets),
    ...specs.flatMap(({ source }) => (source.type === "certificate" ? [source.authority] : [])),
  ]);
  return [...new Set(specs.flatMap(({ name, parked }) => (parked === true ? [] : [name])))]
    .filter((name) => !read.has(name))
    .map((name) => ({
      property: `secrets.${name}`,
      found: "read by nobody",
      expected: `a file of a service that holds secret("${name}"), or no such secret`,
    }));
}

function authorities(specs: readonly SecretSpec[], declared: ReadonlyMap<string, SecretSpec>): Problem[] {
  return specs.flatMap(({ name, source }) => {
    if (source.type !== "certificate" || declared.get(source.authority)?.source.type === "authority") return [];
    return [
      { property: `secrets.${name}.authority`, found: source.authority, expected: "an authority of this machine" },
    ];
  });
}

function references(files: readonly ServiceFiles[], declared: ReadonlyMap<string, SecretSpec>): Problem[] {
  return files.flatMap(({ service, directories }) =>
    directories.flatMap(({ target, files: texts }) =>
      Object.entries(texts).flatMap(([file, text]) => {
        const property = `services.${service}.files.${target}/${file}`;
        const found = new Map(referencesIn(text).map(({ name, field }) => [`${name} ${field}`, { name, field }]));
        return [...found.values()].flatMap(({ name, field }) => {
          const spec = declared.get(name);
          if (spec === undefined) return [{ property, found: `the secret ${name}`, expected: knownNames(declared) }];
          const fields = fieldsOf[spec.source.type];
          if (fields.includes(field)) return [];
          const expected = `${fields.join(" or ")} of a secret of the kind ${spec.source.type}`;
          return [{ property, found: `${field} of the secret ${name}`, expected }];
        });
      }),
    ),
  );
}

function missing(
  specs: readonly SecretSpec[],
  { lab }: Settings,
  given: ReadonlyMap<string, "secret" | "plain">,
): Problem[] {
  if (lab) return [];
  return specs.flatMap(({ why, source }) => {
    if (source.type !== "external" || given.has(source.setting)) return [];
    const property = `garrison:${source.setting}`;
    return [{ property, found: "nothing", expected: `a value: ${why}`, fix: setSecretCommand(source.setting) }];
  });
}

/** Whether this machine uses it or not: it lies open in a file that is committed. */
function plain(given: ReadonlyMap<string, "secret" | "plain">): Problem[] {
  return [...given]
    .filter(([, kept]) => kept === "plain")
    .map(([setting]) => ({
      property: `garrison:${setting}`,
      found: "a value in plain text",
      expected: "an encrypted one, and a new one: whoever could read the settings knows this one",
      fix: setSecretCommand(setting),
    }));
}

function unknownRotations({ secrets }: Settings, declared: ReadonlyMap<string, SecretSpec>): Problem[] {
  return Object.keys(secrets)
    .filter((name) => !declared.has(name))
    .map((name) => ({
      property: `garrison:secrets.${name}`,
      found: "the rotation of a secret that this machine does not have",
      expected: knownNames(declared),
      fix: removeCommand(["secrets", name]),
    }));
}

function knownNames(declared: ReadonlyMap<string, SecretSpec>): string {
  return declared.size === 0 ? "none: the machine has no secrets" : `one of ${[...declared.keys()].sort().join(", ")}`;
}
