import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseBuiltLock, parseImageLock, withBuilt } from "../components/container/image-lock.ts";
import type { ImageLock } from "../components/container/image-lock.ts";
import { isRemote } from "../components/host/docker-host.ts";
import { lostMachine, reachMachine } from "../components/host/reach-machine.ts";
import { readJsonFile } from "../components/lib/json-file.ts";
import { ProblemsError } from "../components/lib/problems.ts";
import { Machine } from "../components/machine/machine.ts";
import type { MissingService } from "../components/machine/present-services.ts";
import { planMachine } from "../components/machine/plan-machine.ts";
import { onStack, removeCommand } from "../components/lib/config-command.ts";
import { builtLockFile } from "../components/settings/images.ts";
import { parseSettings } from "../components/settings/settings.ts";
import type { Settings } from "../components/settings/settings.ts";
import { externalSecrets } from "../components/secrets/external-secrets.ts";
import type { ExternalSecret } from "../components/secrets/external-secrets.ts";
import { settingOf } from "../components/secrets/secret.ts";
import { stacks } from "./machines.ts";

/** Deploys the machine that the selected stack names, and returns the stack's outputs. */
export async function deploy(): Promise<Record<string, unknown>> {
  const stack = pulumi.getStack();
  try {
    return await deployMachine(stack);
  } catch (error) {
    // A report, not a crash: without the stack of a program error. Another stack may be the selected one.
    if (error instanceof ProblemsError)
      throw new pulumi.RunError(error.withFixes((fix) => onStack(fix, stack)).message);
    throw error;
  }
}

async function deployMachine(stack: string): Promise<Record<string, unknown>> {
  const config = pulumi.runtime.allConfig();
  const settings = parseSettings(config, stack);
  const { machine: definition, place } = stacks[settings.machine];
  const plan = planMachine({
    definition,
    settings,
    stack,
    images: readImageLock(settings, stack),
    given: givenSecrets(config),
    unlocked: settings.lab && pulumi.runtime.isDryRun() ? "placeholder" : "refuse",
  });
  if (plan.missing.length > 0) await pulumi.log.warn(withoutProgram(plan.missing));
  const switchedOff = Object.fromEntries(plan.missing.map(({ service, why }) => [service, why]));
  const outputs = { estate: settings.estate, scale: plan.scale, ...(plan.missing.length > 0 && { switchedOff }) };
  if (place === undefined) {
    await requireAnswer(settings, stack);
    new Machine(settings.machine, plan);
    return outputs;
  }
  // Office has no use for it, and it takes a second to load.
  const { deployToAzure } = await import("./in-azure.ts");
  return { ...outputs, ...deployToAzure(place, plan) };
}

/** The state does not show that a machine is gone or another: an update stops here, a preview goes on without it. */
async function requireAnswer({ docker, host }: Settings, stack: string): Promise<void> {
  if (host === undefined || !isRemote(docker)) return;
  const said = await reachMachine(docker);
  if (said === undefined) return;
  const lost = new ProblemsError(`The machine of stack ${stack}`, [lostMachine({ docker, said })]);
  if (!pulumi.runtime.isDryRun()) throw lost;
  await pulumi.log.warn(lost.withFixes((fix) => onStack(fix, stack)).message);
}

/** In a preview's and an update's own words; the plan goes on without them. */
function withoutProgram(missing: readonly MissingService[]): string {
  const lines = missing.map(({ service, why }) => `  ${service}: ${why}`);
  return ["Switched off, with their flows, networks and secrets:", ...lines].join("\n");
}

/** Which external secrets have a value, and whether it is encrypted in the settings; the values are not looked at. */
function givenSecrets(config: Readonly<Record<string, string>>): ReadonlyMap<string, "secret" | "plain"> {
  // The engine's own list: the SDK reads it too, and shows it to nobody.
  const encrypted = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[];
  const settings = (Object.keys(externalSecrets) as ExternalSecret[]).map(settingOf);
  return new Map(
    settings
      .filter((setting) => `garrison:${setting}` in config)
      .map((setting) => [setting, encrypted.includes(`garrison:${setting}`) ? "secret" : "plain"]),
  );
}

/** A lab's lock appears when its images are built; until then it locks nothing. */
function readImageLock(settings: Settings, stack: string): ImageLock {
  const { lab, imagesLock = "images.lock.json" } = settings;
  const estate = readJsonFile(inCheckout(imagesLock), `git checkout -- ${imagesLock}`);
  if (lab) return parseImageLock(estate ?? { images: {} });
  if (estate === undefined) {
    const expected = "a file with the estate's images";
    const fix = removeCommand(["imagesLock"]);
    throw new ProblemsError("Images", [{ property: "garrison:imagesLock", found: `no ${imagesLock}`, expected, fix }]);
  }
  const built = builtLockFile(stack, settings.images);
  const own = parseBuiltLock(
    readJsonFile(inCheckout(built), `rm ${built}, then npm run images -- build`) ?? { images: {} },
    built,
  );
  return withBuilt(parseImageLock(estate, imagesLock), own, settings.docker.host);
}

function inCheckout(name: string): string {
  return resolve(import.meta.dirname, "..", name);
}
