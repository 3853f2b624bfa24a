import type { z } from "zod";
import { ProblemsError } from "../lib/problems.ts";
import type { Problem } from "../lib/problems.ts";
import { azureProblems, dockerInAzure } from "./azure.ts";
import { baseSettings, estateOf } from "./base.ts";
import type { NamedMachine, Settings } from "./base.ts";
import { daemonAddress, dockerProblems } from "./docker.ts";
import { inTurn, removeCommand } from "../lib/config-command.ts";
import { explain, fill, parseValue, valueAt } from "./explain.ts";
import { needsSsh } from "./host.ts";
import { shapeOfParts } from "./part.ts";
import type { SettingsPart } from "./part.ts";
import { schemaAt } from "./words.ts";

export type { Settings } from "./base.ts";

/** A machine of an estate, as far as its settings go. */
export interface MachineSettings extends NamedMachine {
  /** Settings of the kinds of services that are on it. */
  readonly parts: readonly SettingsPart[];
  /** Settings at the top that hold secrets; they are read one by one with `requireSecret`, never with the others. */
  readonly secrets: readonly string[];
}

/** Every setting of a machine under the namespace `garrison`, or of all of an estate's machines. */
export function settingsSchema(
  machines: readonly MachineSettings[],
  parts: readonly SettingsPart[] = machines.flatMap((own) => own.parts),
) {
  const [base, own] = [baseSettings(machines), shapeOfParts(parts)];
  const twice = Object.keys(own).filter((name) => name in base.shape);
  if (twice.length > 0) throw new Error(`${twice.join(", ")} of a kind is a setting of every machine`);
  return base.extend(own) as typeof base;
}

/**
 * Reads a stack's settings.
 *
 * @param config every configuration value of the stack by full key, as Pulumi hands it out: strings, objects as JSON
 * @param machines the estate's, of which the stack is one
 * @throws {ProblemsError} naming every setting that is wrong, unknown or missing
 */
export function parseSettings(
  config: Readonly<Record<string, string>>,
  stack: string,
  machines: readonly MachineSettings[],
): Settings {
  const secrets = new Set(machines.flatMap((own) => own.secrets));
  const texts = Object.entries(config)
    .filter(([key]) => key.startsWith("garrison:"))
    .map(([key, text]) => [key.slice("garrison:".length), text] as const);
  const values = texts.filter(([key]) => !secrets.has(key)).map(([key, text]) => [key, parseValue(text)] as const);
  const [only] = machines;
  const asked = config["garrison:machine"] ?? (machines.length === 1 ? only?.name : stack);
  const machine = machines.find(({ name }) => name === asked);
  const estate = machine && estateOf(machine);
  const given: Record<string, unknown> = {
    ...(machine && { machine: machine.name }),
    ...(estate !== undefined && { estate }),
    ...Object.fromEntries(values),
  };

  const schema = settingsSchema(machines, machine?.parts);
  const elsewhere = machine === undefined ? [] : foreignSettings(given, machine, machines);
  const foreign = new Set(elsewhere.map(({ setting }) => setting));
  const own = Object.fromEntries(Object.entries(given).filter(([key]) => !foreign.has(key)));
  const inAzure = machine?.inAzure === true;
  const address = daemonAddress.safeParse(given.docker).data;
  const result = schema.safeParse({ ...own, docker: inAzure ? dockerInAzure(own) : own.docker });
  const problems = [
    ...(result.error?.issues ?? []).flatMap((issue) => explain(issue, given, schema)),
    ...elsewhere.map(({ problem }) => problem),
    ...(machine === undefined
      ? []
      : foreignSecrets(
          texts.map(([key]) => key),
          machine,
          machines,
        )),
    ...azureProblems(given, inAzure),
    ...dockerProblems(address),
    ...needsSsh(given.host, address),
    ...labProblems(given),
    ...neededProblems(given, machine?.parts ?? [], schema),
  ];
  if (problems.length > 0 || !result.success) throw new ProblemsError(`Settings of stack ${stack}`, problems);
  return result.data;
}

/** Settings that another machine of the estate has: nothing on this one reads them. */
function foreignSettings(
  given: Readonly<Record<string, unknown>>,
  machine: MachineSettings,
  machines: readonly MachineSettings[],
): { readonly setting: string; readonly problem: Problem }[] {
  const own = new Set(machine.parts.map(({ name }) => name));
  return Object.keys(given).flatMap((setting) => {
    const readers = machines.filter(({ parts }) => parts.some(({ name }) => name === setting));
    if (own.has(setting) || readers.length === 0) return [];
    return [{ setting, problem: readElsewhere("setting", setting, machine, readers) }];
  });
}

/** Secrets of another machine's services: they would lie in this stack's settings for nothing. */
function foreignSecrets(
  given: readonly string[],
  machine: MachineSettings,
  machines: readonly MachineSettings[],
): Problem[] {
  return given.flatMap((secret) => {
    const readers = machines.filter(({ secrets }) => secrets.includes(secret));
    if (machine.secrets.includes(secret) || readers.length === 0) return [];
    return [readElsewhere("secret", secret, machine, readers)];
  });
}

function readElsewhere(
  kind: "setting" | "secret",
  name: string,
  machine: MachineSettings,
  readers: readonly MachineSettings[],
): Problem {
  return {
    property: `garrison:${name}`,
    found: `a ${kind} of ${readers.map((reader) => reader.name).join(", ")}`,
    expected: `nothing: no service of ${machine.name} reads it`,
    fix: removeCommand([name]),
  };
}

/** What only a lab has: an internet of its own, and a daemon that was measured. */
function labProblems(given: Readonly<Record<string, unknown>>): Problem[] {
  if (given.lab === true) return [];
  const labOnly = {
    internetCa: "programs know the internet's authorities",
    "resources.openFiles": "a machine grants them all",
  };
  return Object.entries(labOnly).flatMap(([setting, instead]) => {
    const value = valueAt(given, setting.split("."));
    if (value === undefined) return [];
    return [
      {
        property: `garrison:${setting}`,
        found: JSON.stringify(value),
        expected: `nothing outside the lab: ${instead}`,
        fix: removeCommand(setting.split(".")),
      },
    ];
  });
}

/** What nobody can invent for a real machine. */
function neededProblems(
  given: Readonly<Record<string, unknown>>,
  parts: readonly SettingsPart[],
  schema: z.ZodType,
): Problem[] {
  if (given.lab === true) return [];
  const isOn = (service: string) => valueAt(given, ["services", service]) !== "off";
  const told = [...new Set(parts)].filter(({ of }) => of === undefined || of.some(isOn));
  const needed = told.flatMap(({ name, needed = {} }) =>
    Object.entries(needed).map(([field, expected = ""]) => [[name, field], expected] as const),
  );
  return needed.flatMap(([path, expected]) => {
    const value = valueAt(given, path);
    const at = schemaAt(schema, path);
    if (at === undefined || (value !== undefined && !(Array.isArray(value) && value.length === 0))) return [];
    return [{ property: `garrison:${path.join(".")}`, found: "nothing", expected, fix: inTurn(fill(at, path)) }];
  });
}
