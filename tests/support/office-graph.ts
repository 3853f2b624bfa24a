import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";

import { parseImageLock } from "#components/container/image-lock.ts";
import type { ImageLock } from "#components/container/image-lock.ts";
import { Machine } from "#components/machine/machine.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { settingsOf } from "#components/estate/stack-definition.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import { withoutMarks } from "#scripts/report/plan/judged-resource.ts";
import { record } from "#scripts/report/plan/recording-monitor.ts";
import type { Registration } from "#scripts/report/plan/recording-monitor.ts";
import { office } from "#stacks/office.ts";
import { settings } from "../unit/components/machine/example.ts";

const lock = resolve(import.meta.dirname, "../fixtures/images.lock.json");

/** All of it: also what is switched off until its real image works. */
const whole: MachineDefinition = {
  ...office,
  services: office.services.map((service): ServiceSpec => {
    const { unready, ...ready } = service;
    return unready === undefined ? service : ready;
  }),
};

/**
 * The office machine, not in the lab, as the policies see it: every resource with its inputs, every component with its
 * outputs, secrets marked as they are.
 *
 * @param images the image lock; without it every service has an image
 */
export async function officeGraph(images?: ImageLock): Promise<ExampleResource[]> {
  const external = settingsOf({ machine: office }).secrets;
  pulumi.runtime.setAllConfig(
    Object.fromEntries(external.map((setting) => [`garrison:${setting}`, `value of ${setting}`])),
  );
  const plan = planMachine({
    definition: images === undefined ? whole : office,
    settings: { ...settings, resources: { memoryMiB: 65_536, cpus: 16, reserveMiB: 8192 } },
    stack: "office",
    images: images ?? parseImageLock(JSON.parse(await readFile(lock, "utf8")), lock),
    given: new Map(external.map((setting) => [setting, "secret"])),
    unlocked: "refuse",
  });
  return (await record(() => new Machine("office", plan))).map(asResource);
}

function asResource({ type, name, parent, inputs, outputs }: Registration): ExampleResource {
  const { properties, secrets } = withoutMarks(type.startsWith("garrison:") ? (outputs ?? {}) : inputs);
  return { type, name, properties, secrets, ...(parent !== "" && { parent }) };
}
