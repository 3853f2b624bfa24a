import { z } from "zod";
import { ProblemsError } from "../lib/problems.ts";
import type { Problem } from "../lib/problems.ts";
import { isBlock, isCidr, isHostAddress } from "../network/address.ts";
import { externalSecrets, type ExternalSecret } from "../secrets/external-secrets.ts";
import { settingOf } from "../secrets/secret.ts";
import { azure, azureProblems, dockerInAzure } from "./azure.ts";
import { daemonAddress, docker, dockerProblems } from "./docker.ts";
import { inTurn, removeCommand } from "../lib/config-command.ts";
import { explain, fill, parseValue, valueAt } from "./explain.ts";
import { isHostName, isPort } from "./forms.ts";
import { host, needsSsh } from "./host.ts";
import { images, lockFile } from "./images.ts";
import { schemaAt, worded } from "./words.ts";

/** The machines of the estate; each is a stack of its own. */
export const MACHINES = ["office", "azure-web", "gpu"] as const;
export type MachineRole = (typeof MACHINES)[number];

const ORIGIN = /^https?:\/\/([a-z0-9.-]+)(?::(\d{1,5}))?$/;
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]+\n)+-----END CERTIFICATE-----\n?$/;

const MOST_MIB = 16 * 2 ** 20;
const mebibytes = (least: number) =>
  worded(
    z.int().min(least).max(MOST_MIB),
    `a whole number of MiB from ${String(least)} to ${String(MOST_MIB)}`,
    "<MiB of the machine>",
  );
const openFiles = worded(
  z
    .int()
    .min(1024)
    .max(2 ** 30),
  "a whole number from 1024 to 1073741824",
  "65536",
);
const processors = worded(z.number().min(0.1).max(4096), "a number from 0.1 to 4096", "<processors of the machine>");

const resources = z.strictObject({
  memoryMiB: mebibytes(1024).describe("Memory of the machine, in MiB."),
  cpus: processors.describe("Processors of the machine."),
  openFiles: openFiles
    .optional()
    .describe("Lab only: most open files that the daemon can grant a container; measured, and no more are asked for."),
  reserveMiB: worded(z.int().min(256).max(MOST_MIB), `a whole number of MiB from 256 to ${String(MOST_MIB)}`, "2048")
    .default(2048)
    .describe("Memory kept for the host and its own programs, in MiB; the containers' limits must fit in the rest."),
});

const secretName = worded(z.string(), "is one of a secret", "gateway-token");
const rotation = z.strictObject({
  generation: worded(z.int().min(1).max(1_000_000), "a whole number from 1 to 1000000", "1").describe(
    "Raise it by one to rotate: a new value is minted, the one before stays valid until the next time.",
  ),
  rotated: worded(z.string().refine(isDate), "a date such as 2026-11-30", "2026-11-30")
    .optional()
    .describe("Date of the last rotation, for the reminder of what is due."),
});

/** What a configuration file can take without quoting. */
const MODEL = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/;
const modelName = worded(
  z.string().regex(MODEL),
  "the name of a model: letters, digits and . _ : / -, at most 100",
  "anthropic/claude-opus-4-5",
);

const models = z.strictObject({
  gateway: modelName
    .default("anthropic/claude-opus-4-5")
    .describe("Model of the agent, as OpenClaw names it: `provider/model`."),
  fallbacks: z
    .array(modelName)
    .default(["anthropic/claude-sonnet-4-5"])
    .describe("Models that the gateway turns to when the first does not answer, in order."),
  memory: modelName.default("gpt-4.1-mini").describe("Model by which the memory service extracts facts."),
  embedding: modelName.default("text-embedding-3-small").describe("Model by which the memory service embeds them."),
});

const origin = worded(
  z.string().refine(isOrigin),
  "an origin such as https://gateway.office.example, without a path",
  "https://<name of the page>",
);

const pages = z.strictObject({
  origins: z
    .array(origin)
    .default([])
    .describe("Origins from which people open the gateway's page, as a browser names them. Needed outside the lab."),
});

const operator = worded(z.int().positive(), "the number of a Telegram user", "<number>");

const telegram = z.strictObject({
  operators: z
    .array(operator)
    .default([])
    .describe("Telegram ids, numbers, of the people whom the agent listens to. Needed outside the lab."),
});

/** Every setting of a stack, under the namespace `garrison`. */
export const settingsSchema = z.strictObject({
  machine: z
    .enum(MACHINES)
    .describe("Which machine the stack is. Default: the stack's name; a copy such as `office-test` has to say."),
  lab: z
    .boolean()
    .default(false)
    .describe("Rehearsal on this machine with stand-ins. Set by the lab's own settings only."),
  estate: worded(
    z.string().regex(/^[a-z][a-z0-9]{1,7}$/),
    "2 to 8 lower-case letters and digits, a letter first",
    "office",
  ).describe("Prefix of every name on the host and label of everything made. Default: `office`, `azweb` or `gpu`."),
  docker: docker.describe("Where the machine's Docker daemon is."),
  host: host
    .optional()
    .describe("The machine's own configuration, applied over ssh. Without it, the machine is taken as it is."),
  azure: azure.optional().describe("Where the machine is in Azure. For `azure-web` and `gpu`, which need it."),
  resources: resources.describe("What the machine has."),
  network: worded(z.string().refine(isBlock), "a private IPv4 block of /16 to /20 such as 10.77.0.0/16", "10.77.0.0/16")
    .default("10.77.0.0/16")
    .describe("Address block of the machine's container networks; each takes a /26."),
  lan: z
    .array(
      worded(
        z.string().refine(isCidr),
        "an IPv4 block on its own network address such as 192.168.1.0/24",
        "192.168.1.0/24",
      ),
    )
    .default([])
    .describe("Address blocks around the machine, which its container networks must keep clear of."),
  resolvers: z
    .array(worded(z.ipv4(), "an IPv4 address such as 9.9.9.9", "9.9.9.9"))
    .min(1)
    .default(["9.9.9.9", "149.112.112.112"])
    .describe("Name servers of the containers that reach out. Never an address of the host itself."),
  secrets: z
    .record(secretName, rotation)
    .default({})
    .describe(
      "Rotation of secrets by name: `secrets.gateway-token.generation: 2`. A secret that is not named is at 1. " +
        "A secret that somebody else issues is rotated there; raising its generation restarts the services that read it.",
    ),
  publish: z
    .strictObject({
      address: worded(
        z.string().refine(isHostAddress),
        "one IPv4 address of the machine such as 127.0.0.1, not 0.0.0.0",
        "127.0.0.1",
      )
        .default("127.0.0.1")
        .describe("Address on which Wazuh agents reach the manager (1514, 1515)."),
    })
    .default({ address: "127.0.0.1" })
    .describe("Where published ports listen."),
  models: models.prefault({}).describe("Which models are asked."),
  pages: pages.prefault({}).describe("How people reach the pages."),
  telegram: telegram.prefault({}).describe("The operator's channel."),
  internetCa: worded(z.string().regex(CERTIFICATE), "one certificate in PEM", "<certificate>")
    .optional()
    .describe("Lab only: certificate of the authority that the sites of the lab's internet are signed by, in PEM."),
  images: images.prefault({}).describe("Images of our own."),
  imagesLock: lockFile
    .optional()
    .describe("Another image lock, of a registry that mirrors the images, or of a lab. Default: `images.lock.json`."),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Full keys of the settings that hold secrets. They are read one by one with `requireSecret`, never with the others. */
const externalKeys = new Set(
  (Object.keys(externalSecrets) as ExternalSecret[]).map((name) => `garrison:${settingOf(name)}`),
);

const DEFAULT_ESTATE: Record<MachineRole, string> = { office: "office", "azure-web": "azweb", gpu: "gpu" };

/**
 * Reads a stack's settings.
 *
 * @param config every configuration value of the stack by full key, as Pulumi hands it out: strings, objects as JSON
 * @throws {ProblemsError} naming every setting that is wrong, unknown or missing
 */
export function parseSettings(config: Readonly<Record<string, string>>, stack: string): Settings {
  const values = Object.entries(config)
    .filter(([key]) => key.startsWith("garrison:") && !externalKeys.has(key))
    .map(([key, text]) => [key.slice("garrison:".length), parseValue(text)] as const);
  const machine = config["garrison:machine"] ?? stack;
  const role = MACHINES.find((known) => known === machine);
  const given: Record<string, unknown> = {
    ...(role && { machine: role, estate: DEFAULT_ESTATE[role] }),
    ...Object.fromEntries(values),
  };

  const address = daemonAddress.safeParse(given.docker).data;
  const result = settingsSchema.safeParse({ ...given, docker: dockerInAzure(given) });
  const problems = [
    ...(result.error?.issues ?? []).flatMap((issue) => explain(issue, given, settingsSchema)),
    ...azureProblems(given),
    ...dockerProblems(address),
    ...needsSsh(given.host, address),
    ...labProblems(given),
    ...operatorProblems(given),
  ];
  if (problems.length > 0 || !result.success) throw new ProblemsError(`Settings of stack ${stack}`, problems);
  return result.data;
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

/** What nobody can invent for a real office machine: who may speak to the agent, and from where. */
function operatorProblems(given: Readonly<Record<string, unknown>>): Problem[] {
  if (given.lab === true || given.machine !== "office") return [];
  const needed = {
    "pages.origins": "where people open the gateway's page",
    "telegram.operators": "the Telegram id of at least one operator",
  } as const;
  return Object.entries(needed).flatMap(([setting, expected]) => {
    const path = setting.split(".");
    const value = valueAt(given, path);
    const schema = schemaAt(settingsSchema, path);
    if (schema === undefined || (value !== undefined && !(Array.isArray(value) && value.length === 0))) return [];
    return [
      {
        property: `garrison:${setting}`,
        found: "nothing",
        expected,
        fix: inTurn(fill(schema, path)),
      },
    ];
  });
}

function isOrigin(text: string): boolean {
  const [, name, port] = ORIGIN.exec(text) ?? [];
  return name !== undefined && isHostName(name) && (port === undefined || isPort(port));
}

/** A day. Pulumi makes a time of it where it stands without quotes. */
function isDate(text: string): boolean {
  return z.iso.date().safeParse(text.replace(/(T00:00:00Z| 00:00:00 \+0000 UTC)$/, "")).success;
}
