import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";

import { parseImageLock } from "#components/container/image-lock.ts";
import type { ImageLock } from "#components/container/image-lock.ts";
import { Machine } from "#components/machine/machine.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { settingsOf } from "#components/estate/stack-definition.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import { office } from "#stacks/office.ts";
import { settings } from "../unit/components/machine/example.ts";
import { record } from "./recording-monitor.ts";
import type { Registration } from "./recording-monitor.ts";

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
  const secrets: string[] = [];
  const properties = plain(type.startsWith("garrison:") ? (outputs ?? {}) : inputs, "", secrets);
  return { type, name, properties: properties as Record<string, unknown>, secrets, ...(parent !== "" && { parent }) };
}

/** The value without its marks, and the paths of what was marked as secret. */
function plain(value: unknown, path: string, secrets: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => plain(item, below(path, String(index)), secrets));
  if (typeof value !== "object" || value === null) return value;
  const marked = value as Record<string, unknown>;
  if (marked[specialSigKey] === specialSecretSig) {
    secrets.push(path);
    return plain(marked.value, path, []);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, plain(item, below(path, name), secrets)]),
  );
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
