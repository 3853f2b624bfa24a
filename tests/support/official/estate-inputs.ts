import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { parseImageLock } from "#components/container/image-lock.ts";
import { Machine } from "#components/machine/machine.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { settingsOf } from "#components/estate/stack-definition.ts";
import { parseSettings } from "#stacks/settings.ts";
import type { MachineRole } from "#stacks/machines.ts";
import type { Properties } from "#helpers/pulumi/values.ts";
import { hostResources } from "#lab/estate/estate.ts";
import { deployToAzure } from "#components/estate/in-azure.ts";
import { stacks } from "#stacks/machines.ts";
import { madeInAzure } from "#tests/unit/components/azure/an-azure.ts";
import { record } from "#scripts/report/plan/recording-monitor.ts";
import type { Outputs } from "#scripts/report/plan/recording-monitor.ts";

const fixtures = resolve(import.meta.dirname, "../../fixtures");
/** No lab's, and no other test's. */
const testNetwork = "10.214.0.0/16";
const types = /^(docker|random|command|tls):/;

/** A resource of the estate with the inputs that its program gives it. */
export interface EstateResource {
  readonly stack: MachineRole;
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

/** What plugins would have made by the time that something is made of it. */
const minted: Outputs = {
  ...madeInAzure,
  "random:index/randomPassword:RandomPassword": { result: "a".repeat(40) },
  "random:index/randomBytes:RandomBytes": { hex: "ab".repeat(32), base64: Buffer.alloc(32, 171).toString("base64") },
};

/**
 * Every container, network, volume, secret and command of the estate's stacks, from their own programs.
 *
 * @param estate start of the names of everything on the daemon; two stacks use some of them both
 */
export async function estateInputs(estate: string): Promise<EstateResource[]> {
  const found: EstateResource[] = [];
  for (const stack of Object.keys(stacks) as MachineRole[]) found.push(...(await stackInputs(stack, estate)));
  return found;
}

async function stackInputs(stack: MachineRole, estate: string): Promise<EstateResource[]> {
  const file = join(fixtures, `Pulumi.${stack}.yaml`);
  const { config } = parse(await readFile(file, "utf8")) as { config: Record<string, unknown> };
  const ownSettings = {
    "garrison:estate": estate,
    "garrison:network": testNetwork,
    // A daemon can grant no more than it has.
    "garrison:resources": {
      ...(config["garrison:resources"] as object | undefined),
      openFiles: hostResources().openFiles,
    },
  };
  const given = Object.values(stacks).flatMap((own) => settingsOf(own).secrets);
  const texts = Object.entries({ ...config, ...ownSettings }).map(
    ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  const secrets = given.map((setting) => [`garrison:${setting}`, `value of ${setting}`] as const);
  pulumi.runtime.setAllConfig(Object.fromEntries([...texts, ...secrets]));
  const settings = parseSettings(Object.fromEntries(texts), stack);
  const { machine: definition, place } = stacks[settings.machine];
  const lock = join(fixtures, "images.lock.json");
  const plan = planMachine({
    definition,
    settings,
    stack,
    images: parseImageLock(JSON.parse(await readFile(lock, "utf8")), lock),
    given: new Map(given.map((setting) => [setting, "secret"])),
    unlocked: "refuse",
  });
  const registered = await record(() => {
    if (place === undefined) new Machine(settings.machine, plan);
    else deployToAzure(place, plan);
  }, minted);
  return registered
    .filter(({ type }) => types.test(type))
    .map(({ type, name, inputs }) => ({ stack, type, name, inputs }));
}
