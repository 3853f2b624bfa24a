import { z } from "zod";
import { MACHINE_SIZES } from "../lib/azure-sizes.ts";
import type { Problem } from "../lib/problems.ts";
import { isBlock, isCidr } from "../network/address.ts";
import { rangeOf } from "../network/address-set.ts";
import { inTurn, removeCommand } from "../lib/config-command.ts";
import { fill } from "./explain.ts";
import { host } from "./host.ts";
import { worded } from "./words.ts";

const LOCATION = /^[a-z][a-z0-9]{2,39}$/;
const GROUP = /^[\w.()-]{0,89}[\w()-]$/;
const NETWORK_ID =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+$/i;
const IMAGE = /^[\w.-]+:[\w.-]+:[\w.-]+:\d+(\.\d+)+$/;
const WEB_TAGS: readonly string[] = ["Cloudflare", "Internet"];

const subscription = worded(z.guid(), "the id of a subscription, as `az account show` has it", "<subscription id>");
const location = worded(z.string().regex(LOCATION), "a region as Azure writes it: westeurope", "westeurope");
const group = worded(z.string().regex(GROUP), "1 to 90 letters, digits and . _ - ( ), no dot last", "garrison-web");
const block = worded(
  z.string().refine(isBlock),
  "a private IPv4 block of /16 to /20 such as 10.88.0.0/16",
  "10.88.0.0/16",
);
const sizes = Object.keys(MACHINE_SIZES);
const size = worded(z.enum(sizes), `one of ${sizes.join(", ")}`, "Standard_F16s_v2");
const image = worded(
  z.string().regex(IMAGE),
  "publisher:offer:sku:version as `az vm image list --all` prints it, with a version of its own",
  "Debian:debian-12:12-gen2:0.20250703.2162",
);
const generation = worded(z.int().min(1).max(1_000_000), "a whole number from 1 to 1000000", "1");
const webSource = worded(
  z.string().refine((text) => WEB_TAGS.includes(text) || (rangeOf(text)?.family === 4 && !text.includes(":"))),
  "an IPv4 address, a block on its own network address, Cloudflare or Internet",
  "Cloudflare",
);
const peerName = worded(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), "in small letters, digits and dashes", "web");
const peer = z.strictObject({
  network: worded(z.string().regex(NETWORK_ID), "the id of a virtual network", "<id>").describe(
    "Id of the other network.",
  ),
  block: worded(z.string().refine(isCidr), "an IPv4 block on its own network address", "10.89.0.0/16").describe(
    "Its address block.",
  ),
});
const amount = worded(z.number().min(1).max(10_000_000), "a number from 1 to 10000000", "<amount>");
const month = worded(z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/), "a month such as 2026-12", "2026-12");
const contact = worded(z.email(), "a mail address such as ops@example.com", "<mail address>");

/** `garrison:azure`: where a stack's machines are in Azure. */
export const azure = z.strictObject({
  subscription: subscription
    .optional()
    .describe("Id of the subscription. Default: what the Azure CLI or ARM_SUBSCRIPTION_ID says."),
  location: location.describe("Region: `westeurope`."),
  resourceGroup: group.optional().describe("Resource group, made by the stack. Default: `garrison-<estate>`."),
  network: block.describe("Address block of the stack's virtual network; each subnet takes a /26."),
  size: size.optional().describe("Size of the machine. Default: the stack's."),
  image: image.describe(
    "Image of the machines, `publisher:offer:sku:version`, with a version. Another one makes them anew.",
  ),
  generation: generation
    .default(1)
    .describe("Raise it by one to have the machines made anew: one is gone, or no longer trusted. Data disks stay."),
  webFrom: z
    .array(webSource)
    .default([])
    .describe("Who may open the sites (80, 443): IPv4 addresses and blocks, `Cloudflare`, or `Internet`."),
  peers: z
    .record(peerName, peer)
    .default({})
    .describe("Networks of the estate's other stacks; to be set on both sides."),
  budget: z
    .strictObject({
      amount: amount.describe("Most that a month should cost, in the subscription's currency."),
      from: month.describe("First month: `2026-12`."),
      contacts: z.array(contact).min(1).describe("Who is told at four fifths, and when all is forecast to be spent."),
    })
    .optional()
    .describe("Tells somebody what it costs; stops nothing."),
});

export type AzureSettings = z.infer<typeof azure>;

/**
 * Rules that need more than Azure's own settings: such a machine is made by its stack, which then knows its address and
 * its key better than anybody.
 *
 * @param given every setting by name, as it was found
 * @param inAzure whether the machine is one that its stack makes there
 */
export function azureProblems(given: Readonly<Record<string, unknown>>, inAzure: boolean): Problem[] {
  if (!inAzure) {
    if (given.azure === undefined) return [];
    const fix = removeCommand(["azure"]);
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
    azure: ["where the machine is made", azure],
    host: ["who gets in, and from where", host],
  } as const;
  return [
    ...Object.entries(needed)
      .filter(([setting]) => given[setting] === undefined)
      .map(([setting, [expected, schema]]) => ({
        property: `garrison:${setting}`,
        found: "nothing",
        expected,
        fix: inTurn(fill(schema, [setting])),
      })),
    ...["host", "hostKey"]
      .filter((setting) => docker[setting] !== undefined)
      .map((setting) => ({
        property: `garrison:docker.${setting}`,
        found: JSON.stringify(docker[setting]),
        expected: "nothing: the stack makes the machine and knows how it is reached",
        fix: removeCommand(["docker", setting]),
      })),
  ];
}

/** Of a machine in Azure: its name stands for it until it has an address. */
export function dockerInAzure(given: Readonly<Record<string, unknown>>): unknown {
  const shape = z.looseObject({ name: z.string(), deployer: z.looseObject({ name: z.string().default("garrison") }) });
  const host = shape.safeParse(given.host).data;
  const docker = z.looseObject({}).safeParse(given.docker).data ?? {};
  return { host: `ssh://${host?.deployer.name ?? "garrison"}@${host?.name ?? "machine"}`, ...docker };
}
