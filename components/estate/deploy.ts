import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseBuiltLock, parseImageLock, withBuilt } from "../container/image-lock.ts";
import type { ImageLock } from "../container/image-lock.ts";
import { isRemote } from "../host/docker-host.ts";
import { lostMachine, reachMachine } from "../host/reach-machine.ts";
import { onStack, removeCommand } from "../lib/config-command.ts";
import { readJsonFile } from "../lib/json-file.ts";
import { ProblemsError } from "../lib/problems.ts";
import type { Commands } from "../machine/commands.ts";
import { Machine } from "../machine/machine.ts";
import { planMachine } from "../machine/plan-machine.ts";
import type { MissingService } from "../machine/present-services.ts";
import { builtLockFile } from "../settings/images.ts";
import { parseSettings } from "../settings/settings.ts";
import type { Settings } from "../settings/settings.ts";
import { numberWhatIsNew } from "./numbers.ts";
import { settingsOf } from "./stack-definition.ts";
import type { StackDefinition } from "./stack-definition.ts";

/** How an estate is deployed, whichever of its machines the stack is. */
export interface DeployOptions {
  /** Where the image locks are: `resolve(import.meta.dirname, "..")`. @default the directory that the program runs in */
  readonly directory?: string;
  /** What reports tell to type: `{ numbers: () => "make numbers" }`. @default the package's own commands */
  readonly commands?: Commands;
}

/**
 * Deploys the machine that the selected stack is: reads the settings under `garrison:`, plans, and declares. Everything
 * that is wrong is told in one report before a resource is declared.
 *
 * @param stacks the machines of the estate. Where there is one, every stack of the program is a copy of it; of several,
 *   `garrison:machine` says which, or the stack's name.
 * @returns the stack's outputs
 *
 * @example
 * ```ts
 * const out = egressProxy("out");
 * const cache = valkey("cache");
 * const search = searxng("search", { cache, out, engines: ["en.wikipedia.org"] });
 *
 * export const outputs = deploy([
 *   { machine: machine("finder", { numbers: "finder.numbers.json", services: [search, cache, out] }) },
 * ]);
 * ```
 */
export async function deploy(
  stacks: readonly StackDefinition[],
  options: DeployOptions = {},
): Promise<Record<string, unknown>> {
  const stack = pulumi.getStack();
  try {
    return await deployStack(stack, await numberWhatIsNew(stacks), options);
  } catch (error) {
    // A report, not a crash: without the stack of a program error. Another stack may be the selected one.
    if (error instanceof ProblemsError)
      throw new pulumi.RunError(error.withFixes((fix) => onStack(fix, stack)).message);
    throw error;
  }
}

async function deployStack(
  stack: string,
  stacks: readonly StackDefinition[],
  { directory = process.cwd(), commands }: DeployOptions,
): Promise<Record<string, unknown>> {
  const config = pulumi.runtime.allConfig();
  const machines = stacks.map(settingsOf);
  const settings = parseSettings(config, stack, machines);
  const { machine: definition, place } = definitionOf(settings, stacks);
  const plan = planMachine({
    definition,
    settings,
    stack,
    images: readImageLock(settings, stack, directory),
    given: givenSecrets(
      config,
      machines.flatMap(({ secrets }) => secrets),
    ),
    unlocked: settings.lab && pulumi.runtime.isDryRun() ? "placeholder" : "refuse",
    ...(commands && { commands }),
  });
  if (plan.missing.length > 0) await pulumi.log.warn(withoutProgram(plan.missing));
  const switchedOff = Object.fromEntries(plan.missing.map(({ service, why }) => [service, why]));
  const outputs = { estate: settings.estate, scale: plan.scale, ...(plan.missing.length > 0 && { switchedOff }) };
  if (place === undefined) {
    await requireAnswer(settings, stack, commands);
    new Machine(settings.machine, plan);
    return outputs;
  }
  // Others have no use for it, and it takes a second to load.
  const { deployToAzure } = await import("./in-azure.ts");
  return { ...outputs, ...deployToAzure(place, plan) };
}

function definitionOf({ machine }: Settings, stacks: readonly StackDefinition[]): StackDefinition {
  const definition = stacks.find((one) => one.machine.role === machine);
  if (definition === undefined) throw new Error(`the settings of ${machine} were let through`);
  return definition;
}

/** The state does not show that a machine is gone or another: an update stops here, a preview goes on without it. */
async function requireAnswer({ docker, host }: Settings, stack: string, commands?: Commands): Promise<void> {
  if (host === undefined || !isRemote(docker)) return;
  const said = await reachMachine(docker);
  if (said === undefined) return;
  const lost = new ProblemsError(`The machine of stack ${stack}`, [
    lostMachine({ docker, said, goneFor: commands?.goneFor }),
  ]);
  if (!pulumi.runtime.isDryRun()) throw lost;
  await pulumi.log.warn(lost.withFixes((fix) => onStack(fix, stack)).message);
}

/** In a preview's and an update's own words; the plan goes on without them. */
function withoutProgram(missing: readonly MissingService[]): string {
  const lines = missing.map(({ service, why }) => `  ${service}: ${why}`);
  return ["Switched off, with their flows, networks and secrets:", ...lines].join("\n");
}

/** Which external secrets have a value, and whether it is encrypted in the settings; the values are not looked at. */
function givenSecrets(
  config: Readonly<Record<string, string>>,
  settings: readonly string[],
): ReadonlyMap<string, "secret" | "plain"> {
  // The engine's own list: the SDK reads it too, and shows it to nobody.
  const encrypted = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[];
  return new Map(
    settings
      .filter((setting) => `garrison:${setting}` in config)
      .map((setting) => [setting, encrypted.includes(`garrison:${setting}`) ? "secret" : "plain"]),
  );
}

/** A lab's lock appears when its images are built; until then it locks nothing. */
function readImageLock(settings: Settings, stack: string, directory: string): ImageLock {
  const { lab, imagesLock = "images.lock.json" } = settings;
  const estate = readJsonFile(resolve(directory, imagesLock), `git checkout -- ${imagesLock}`);
  if (lab) return parseImageLock(estate ?? { images: {} });
  if (estate === undefined) {
    const problem = {
      property: "garrison:imagesLock",
      found: `no ${imagesLock}`,
      expected: "a file with the estate's images",
    };
    const fix = settings.imagesLock === undefined ? {} : { fix: removeCommand(["imagesLock"]) };
    throw new ProblemsError("Images", [{ ...problem, ...fix }]);
  }
  const built = builtLockFile(stack, settings.images);
  const own = parseBuiltLock(readJsonFile(resolve(directory, built), `rm ${built}`) ?? { images: {} }, built);
  return withBuilt(parseImageLock(estate, imagesLock), own, settings.docker.host);
}
