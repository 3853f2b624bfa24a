import * as pulumi from "@pulumi/pulumi";
import { planAzure, withoutDocker } from "#components/azure/plan-azure.ts";
import type { AzurePlan } from "#components/azure/plan-azure.ts";
import { deployToAzure } from "#components/estate/in-azure.ts";
import type { StackDefinition } from "#components/estate/stack-definition.ts";
import { settingsOf } from "#components/estate/stack-definition.ts";
import { ProblemsError } from "#components/lib/problems.ts";
import { Machine } from "#components/machine/machine.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import type { MachinePlan } from "#components/machine/plan-machine.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { commands } from "#stacks/commands.ts";
import { stacks } from "#stacks/machines.ts";

import { countsOf } from "../counts.ts";
import { findingsOf, open, rulesOf } from "../judge.ts";
import { commandsOf, mountsOf, networksOf, powersOf, runsOf, storesOf } from "../resource-facts.ts";
import { SIDE_VERSION } from "../side.ts";
import type { Part, Side } from "../side.ts";
import { plannedImages } from "./images.ts";
import type { PlannedImages } from "./images.ts";
import { withoutMarks } from "./judged-resource.ts";
import type { JudgedResource } from "./judged-resource.ts";
import { credentialsOf, openingsOf, pathsOf, proxiedOf, reachOf } from "./reach-of-plan.ts";
import { record } from "./recording-monitor.ts";
import type { Outputs, Registration } from "./recording-monitor.ts";
import { committedSettings } from "./settings.ts";

/** What providers add to inputs, where the program goes on with it. */
const MADE: Outputs = {
  "tls:index/privateKey:PrivateKey": {
    privateKeyOpenssh: "not made yet",
    publicKeyOpenssh: "ecdsa-sha2-nistp256 AAAA",
  },
  "azure-native:network:PublicIPAddress": { ipAddress: "198.51.100.7" },
  "azure-native:compute:VirtualMachine": { vmId: "00000000-0000-0000-0000-000000000000" },
  "command:local:Command": { stdout: "ssh-ed25519 AAAA" },
};

/**
 * What a stack of this checkout plans, by its committed settings: computed by its own planner and its own program, of
 * which nothing is deployed and no engine is asked.
 *
 * @param asOf the day on which waivers are looked at, as YYYY-MM-DD
 * @throws {ProblemReport} where it cannot be planned
 */
export async function plannedSide(stack: string, checkout: string, asOf: string): Promise<Side> {
  const settings = committedSettings(stack, checkout);
  const definition = stacks[settings.machine];
  const images = await plannedImages(checkout, settings.imagesLock);
  try {
    return await sideOf(stack, definition, planOf(stack, definition, settings, images), images, asOf);
  } catch (error) {
    if (error instanceof ProblemsError) throw new ProblemReport("The stack cannot be planned", error.problems);
    throw error;
  }
}

/** Every secret of others is there: none is committed. */
function planOf(
  stack: string,
  { machine }: StackDefinition,
  settings: MachinePlan["settings"],
  { lock }: PlannedImages,
): MachinePlan {
  const { secrets } = settingsOf({ machine });
  const given = new Map(secrets.map((name) => [name, "secret"] as const));
  return planMachine({ definition: machine, settings, stack, images: lock, given, unlocked: "refuse", commands });
}

/** The same of a plan, whosever machine it is. */
export async function sideOf(
  stack: string,
  { machine, place }: StackDefinition,
  plan: MachinePlan,
  images: Pick<PlannedImages, "shown">,
  asOf: string,
): Promise<Side> {
  const { settings, host } = plan;
  const azure = place && planAzureOf(place, plan);
  const secrets = settingsOf({ machine }).secrets.map((name) => [`garrison:${name}`, "not known"] as const);
  pulumi.runtime.setAllConfig(Object.fromEntries(secrets));
  const registered = await record(() => {
    if (place === undefined) new Machine(settings.machine, plan);
    else deployToAzure(place, plan);
  }, MADE);
  const opened = open(judgedOf(registered));
  const options = new Map(registered.map((own) => [own.name, own]));
  const reach = reachOf(plan, machine.services, machine.allowed);
  return {
    version: SIDE_VERSION,
    stack,
    source: "plan",
    paths: pathsOf(reach),
    proxied: proxiedOf(reach),
    openings: openingsOf(host, azure),
    credentials: credentialsOf(plan),
    powers: powersOf(opened.stack),
    secrets: plan.secrets.map(({ name, why: opens, generation, rotated, readers }) => ({
      ...{ name, opens, generation, readers: [...readers] },
      ...(rotated !== undefined && { rotated }),
    })),
    stores: storesOf(opened.stack, ({ name, type }) => {
      // A disk of ours is locked against deletion.
      return options.get(name)?.retainOnDelete === true || type.endsWith(":Disk");
    }),
    mounts: mountsOf(opened.stack),
    runs: runsOf(opened.stack, ({ name }) => options.get(name)?.replaceOnChanges ?? [], images.shown),
    networks: networksOf(opened.stack),
    commands: commandsOf(opened.stack),
    waivers: waiversOf(plan),
    findings: findingsOf(opened, asOf),
    rules: rulesOf(),
    switchedOff: plan.missing.map(({ service, why }) => ({ service, why })),
    steps: [],
    counts: countsOf(registered.map(({ type }) => type)),
  };
}

function planAzureOf(
  place: NonNullable<StackDefinition["place"]>,
  { settings, host, containers }: MachinePlan,
): AzurePlan {
  const { azure } = settings;
  if (host === undefined || azure === undefined)
    throw new Error(`the settings of ${settings.machine} were let through`);
  return planAzure({
    place,
    settings: { ...settings, azure },
    host: containers.length > 0 ? host : withoutDocker(host),
  });
}

function waiversOf({ containers, host }: MachinePlan): Part<"waivers">[] {
  const own = containers.flatMap(({ name, container }) =>
    (container.waivers ?? []).map(({ id, add = [], reason, owner, expires }) => {
      return { of: name, rule: id, adds: [...add].sort(), reason, owner, expires };
    }),
  );
  const units = (host?.units ?? []).flatMap(({ name, waiver }) => {
    if (waiver === undefined) return [];
    const { exposure, reason, owner, expires } = waiver;
    return [{ of: name, rule: "unit exposure", adds: [(exposure / 10).toFixed(1)], reason, owner, expires }];
  });
  return [...own, ...units];
}

/** A parent is told by its name, and is a component. */
function judgedOf(registered: readonly Registration[]): JudgedResource[] {
  const components = new Map(
    registered.flatMap(({ type, name }) => (isComponent(type) ? [[name, urnOf(type, name)] as const] : [])),
  );
  return registered.map(({ type, name, parent, inputs, outputs }) => {
    const values = isComponent(type) ? (outputs ?? {}) : inputs;
    return { urn: urnOf(type, name), type, name, ...withoutMarks(values), parent: components.get(parent) };
  });
}

function isComponent(type: string): boolean {
  return type.startsWith("garrison:");
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:plan::garrison::${type}::${name}`;
}
