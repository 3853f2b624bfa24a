import { z } from "zod";
import type { Problem } from "../lib/problems.ts";
import { isBlock, isCidr } from "../network/address.ts";

const LOCATION = /^[a-z][a-z0-9]{2,39}$/;
const GROUP = /^[\w.()-]{0,89}[\w()-]$/;
const NETWORK_ID =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+$/i;

const block = z.string().refine(isBlock, "a private IPv4 block of /16 to /20 such as 10.88.0.0/16");

/** `garrison:azure`: where a stack's machines are in Azure. */
export const azure = z.strictObject({
  subscription: z
    .guid()
    .optional()
    .describe("Id of the subscription. Default: what the Azure CLI or ARM_SUBSCRIPTION_ID says."),
  location: z.string().regex(LOCATION, "a region as Azure writes it: westeurope").describe("Region: `westeurope`."),
  resourceGroup: z
    .string()
    .regex(GROUP, "1 to 90 letters, digits and . _ - ( )")
    .optional()
    .describe("Resource group, made by the stack. Default: `garrison-<estate>`."),
  network: block.describe("Address block of the stack's virtual network; each subnet takes a /26."),
  size: z.string().min(1).optional().describe("Size of the machine. Default: the stack's."),
  image: z
    .string()
    .min(1)
    .describe("Image of the machines, `publisher:offer:sku:version`, with a version. Another one makes them anew."),
  birth: z
    .int()
    .min(1)
    .default(1)
    .describe("Raise it by one to have the machines made anew: one is gone, or no longer trusted. Data disks stay."),
  webFrom: z
    .array(z.string().min(1))
    .default([])
    .describe("Who may open the sites (80, 443): IPv4 addresses and blocks, `Cloudflare`, or `Internet`."),
  peers: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "small letters, digits and dashes"),
      z.strictObject({
        network: z.string().regex(NETWORK_ID, "the id of a virtual network").describe("Id of the other network."),
        block: z.string().refine(isCidr, "an IPv4 block on its own network address").describe("Its address block."),
      }),
    )
    .default({})
    .describe("Networks of the estate's other stacks; to be set on both sides."),
  budget: z
    .strictObject({
      amount: z.number().positive().describe("Most that a month should cost, in the subscription's currency."),
      from: z
        .string()
        .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "a month such as 2026-12")
        .describe("First month: `2026-12`."),
      contacts: z.array(z.email()).min(1).describe("Who is told at four fifths, and when all is forecast to be spent."),
    })
    .optional()
    .describe("Tells somebody what it costs; stops nothing."),
});

export type AzureSettings = z.infer<typeof azure>;

/** Machines that a stack makes in Azure. */
const IN_AZURE: readonly unknown[] = ["azure-web", "gpu"];

/**
 * Rules that need more than Azure's own settings: such a machine is made by its stack, which then knows its address and
 * its key better than anybody.
 *
 * @param given every setting by name, as it was found
 */
export function azureProblems(given: Readonly<Record<string, unknown>>): Problem[] {
  if (!IN_AZURE.includes(given.machine)) {
    if (given.azure === undefined) return [];
    const fix = "pulumi config rm garrison:azure";
    return [
      {
        property: "garrison:azure",
        found: "a place in Azure",
        expected: "nothing: this machine is the operator's own",
        fix,
      },
    ];
  }
  const docker = z.looseObject({}).safeParse(given.docker).data ?? {};
  const needed = {
    azure: ["where the machine is made", "garrison:azure.location westeurope"],
    host: ["who gets in, and from where: see docs/reference/settings.md", "'garrison:host.deployerFrom[0]' <address>"],
  } as const;
  return [
    ...Object.entries(needed)
      .filter(([setting]) => given[setting] === undefined)
      .map(([setting, [expected, example]]) => ({
        property: `garrison:${setting}`,
        found: "nothing",
        expected,
        fix: `pulumi config set --path ${example}`,
      })),
    ...["host", "hostKey"]
      .filter((setting) => docker[setting] !== undefined)
      .map((setting) => ({
        property: `garrison:docker.${setting}`,
        found: JSON.stringify(docker[setting]),
        expected: "nothing: the stack makes the machine and knows how it is reached",
        fix: `pulumi config rm --path garrison:docker.${setting}`,
      })),
  ];
}

/** The name stands for the machine until it has an address. */
export function dockerInAzure(given: Readonly<Record<string, unknown>>): unknown {
  if (!IN_AZURE.includes(given.machine)) return given.docker;
  const shape = z.looseObject({ name: z.string(), deployer: z.looseObject({ name: z.string().default("garrison") }) });
  const host = shape.safeParse(given.host).data;
  const docker = z.looseObject({}).safeParse(given.docker).data ?? {};
  return { host: `ssh://${host?.deployer.name ?? "garrison"}@${host?.name ?? "machine"}`, ...docker };
}
