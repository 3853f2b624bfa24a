import { z } from "zod";
import { own } from "../lib/own.ts";
import { isBlock, isCidr, isHostAddress } from "../network/address.ts";
import { azure } from "./azure.ts";
import { docker } from "./docker.ts";
import { host } from "./host.ts";
import { images, lockFile } from "./images.ts";
import { worded } from "./words.ts";

const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]+\n)+-----END CERTIFICATE-----\n?$/;
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const ESTATE = /^[a-z][a-z0-9]{1,7}$/;

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

const onOrOff = worded(z.enum(["on", "off"]), "on or off", "on");

const secretName = worded(z.string(), "is one of a secret", "gateway-token");
const rotation = z.strictObject({
  generation: worded(z.int().min(1).max(1_000_000), "a whole number from 1 to 1000000", "1").describe(
    "Raise it by one to rotate: a new value is minted, the one before stays valid until the next time.",
  ),
  rotated: worded(z.string().refine(isDate), "a date such as 2026-11-30", "2026-11-30")
    .optional()
    .describe("Date of the last rotation, for the reminder of what is due."),
});

const otherMachine = z.strictObject({
  address: worded(z.ipv4(), "an IPv4 address such as 10.66.0.4", "10.66.0.4").describe(
    "Its address: containers that ask it reach this one alone, and what is offered to it is open to this one alone.",
  ),
  tlsName: worded(z.string().regex(HOST_NAME), "a host name such as models.example.org", "models.example.org")
    .optional()
    .describe("The name in its certificate. With it, it is asked over TLS and by this name."),
});

/** What the settings of a machine have to know of all of an estate's. */
export interface NamedMachine {
  readonly name: string;
  /** Prefix where the settings name none. @default the machine's name, where it is one */
  readonly estate?: string | undefined;
  /** Made in Azure by its stack. @default false */
  readonly inAzure?: boolean | undefined;
}

/** The settings that every machine has, whatever runs on it; the names are those of the estate's machines. */
export function baseSettings(machines: readonly NamedMachine[]) {
  const names = machines.map(({ name }) => name);
  const [first = ""] = names;
  const estates = machines.flatMap((own) => estateOf(own) ?? []);
  const inAzure = machines.filter((own) => own.inAzure === true).map(({ name }) => name);
  return z.strictObject({
    machine: z
      .enum(names)
      .describe(
        names.length === 1
          ? "Which machine the stack is. Default: the only one."
          : `Which machine the stack is. Default: the stack's name; a copy such as \`${first}-test\` has to say.`,
      ),
    lab: z
      .boolean()
      .default(false)
      .describe("Rehearsal on this machine with stand-ins. Set by the lab's own settings only."),
    estate: worded(
      z.string().regex(ESTATE),
      "2 to 8 lower-case letters and digits, a letter first",
      estates[0] ?? "estate",
    ).describe(`Prefix of every name on the host and label of everything made. Default: ${inWords(estates, "or")}.`),
    docker: docker.describe("Where the machine's Docker daemon is."),
    host: host
      .optional()
      .describe("The machine's own configuration, applied over ssh. Without it, the machine is taken as it is."),
    azure: azure
      .optional()
      .describe(
        inAzure.length === 0
          ? "Where the machine is in Azure, where the stack makes it."
          : `Where the machine is in Azure. For ${inWords(inAzure, "and")}, which need it.`,
      ),
    resources: resources.describe("What the machine has."),
    network: worded(
      z.string().refine(isBlock),
      "a private IPv4 block of /16 to /20 such as 10.77.0.0/16",
      "10.77.0.0/16",
    )
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
    machines: z
      .record(worded(z.string(), "is one of a machine that services here ask or serve", "models"), otherMachine)
      .default({})
      .describe(
        "The estate's other machines that services of this one ask or are offered to, by name: `machines.models.address`. " +
          "Relations to one that is not named are switched off.",
      ),
    resolvers: z
      .array(worded(z.ipv4(), "an IPv4 address such as 9.9.9.9", "9.9.9.9"))
      .min(1)
      .default(["9.9.9.9", "149.112.112.112"])
      .describe("Name servers of the containers that reach out. Never an address of the host itself."),
    services: z
      .record(worded(z.string(), "is one of a service of the machine", "search"), onOrOff)
      .default({})
      .describe(
        "Services that are switched off, by name: `services.search: off`. Each takes along its flows, networks and secrets; " +
          "what it needs to be told need not be there. Its numbers and volumes stay. Who is not named is on.",
      ),
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
    internetCa: worded(z.string().regex(CERTIFICATE), "one certificate in PEM", "<ca.pem")
      .optional()
      .describe("Lab only: certificate of the authority that the sites of the lab's internet are signed by, in PEM."),
    images: images.prefault({}).describe("Images of our own."),
    imagesLock: lockFile
      .optional()
      .describe("Another image lock, of a registry that mirrors the images, or of a lab. Default: `images.lock.json`."),
  });
}

/** What every machine's settings are once they are read; the parts of its kinds of services are beside them. */
export type Settings = z.infer<ReturnType<typeof baseSettings>>;

/** Whether the settings switch a service off. */
export function isOff({ services }: Pick<Settings, "services">, service: string): boolean {
  return own(services, service) === "off";
}

/** The prefix of a machine whose settings name none; undefined where its name is too long for one. */
export function estateOf({ name, estate = name }: NamedMachine): string | undefined {
  return ESTATE.test(estate) ? estate : undefined;
}

/** `a`, `b` or `c`. */
function inWords(names: readonly string[], last: "and" | "or"): string {
  const quoted = names.map((name) => `\`${name}\``);
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].filter((part) => part !== "").join(` ${last} `);
}

/** A day. Pulumi makes a time of it where it stands without quotes. */
function isDate(text: string): boolean {
  return z.iso.date().safeParse(text.replace(/(T00:00:00Z| 00:00:00 \+0000 UTC)$/, "")).success;
}
