import { afterAll, beforeAll, expect, test } from "vitest";
import { dockerAddress } from "#helpers/docker/ping.ts";
import type { Properties } from "#helpers/pulumi/values.ts";
import { importBusybox, inspect, removeByPrefix, testPrefix, docker } from "../support/docker.ts";
import { answerOf, compareCheck, compareDiffs, requireMade, startBoth } from "../support/official/ask-both.ts";
import type { Both, Existing } from "../support/official/ask-both.ts";
import { Comparison } from "../support/official/comparison.ts";
import { comparableInspect, comparableState } from "../support/official/docker-form.ts";
import { estateInputs } from "../support/official/estate-inputs.ts";
import type { EstateResource } from "../support/official/estate-inputs.ts";
import type { Plugin } from "../support/official/plugin-process.ts";
import { removePlaces, runnableHere } from "../support/official/runnable.ts";
import { knownDifferences } from "./known-differences.ts";

const prefix = testPrefix();
let both: Both;
let image: string;
let estate: EstateResource[];

beforeAll(async () => {
  image = await importBusybox(`${prefix}-busybox:1`);
  estate = (await estateInputs(prefix)).filter(({ type }) => type.startsWith("docker:"));
  both = await startBoth("docker", { host: dockerAddress() });
});

afterAll(async () => {
  await both.end();
  await removeByPrefix(prefix);
  await removePlaces(prefix);
});

/** In this order: a container joins networks and mounts volumes that are there. */
const kinds = ["Network", "Volume", "Container"] as const;
type Kind = (typeof kinds)[number];

test("the docker plugins agree on every network, volume and container of the estate", async () => {
  const comparison = new Comparison();
  for (const stack of new Set(estate.map((resource) => resource.stack))) {
    for (const kind of kinds) {
      const own = estate.filter((resource) => resource.stack === stack && resource.type.endsWith(`:${kind}`));
      for (const resource of own) await compareResource(comparison, kind, resource);
    }
    await removeByPrefix(`${prefix}-`, { images: false });
  }
  console.log([comparison.counts(), ...comparison.differences()].join("\n"));
  expect(comparison.problems(knownDifferences)).toEqual([]);
}, 1_200_000);

async function compareResource(comparison: Comparison, kind: Kind, resource: EstateResource): Promise<void> {
  await compareCheck(comparison, both, resource, resource.inputs);
  const inputs = kind === "Container" ? await runnableHere(resource.inputs, image) : resource.inputs;
  const official = await made(both.official, kind, resource, inputs);
  await removeThing(kind, inputs);
  const lab = await made(both.lab, kind, resource, inputs);
  requireMade(resource, official.created, lab.created);
  comparison.compare(resource, "Create", official.created, lab.created);
  comparison.compare(resource, "Docker", official.shown, lab.shown);
  comparison.compare(resource, "Read", official.read, lab.read);
  if (official.existing !== undefined && lab.existing !== undefined) {
    const existing = { official: official.existing, lab: lab.existing };
    await compareDiffs(comparison, both, resource, existing, inputs);
  }
  if (kind === "Container") await removeThing(kind, inputs);
}

interface Made {
  readonly created: object;
  readonly shown?: unknown;
  readonly read?: unknown;
  readonly existing?: Existing;
}

/** Makes it for real, and looks at it by Docker's own eyes and by the plugin's. */
async function made(plugin: Plugin, kind: Kind, resource: EstateResource, inputs: Properties): Promise<Made> {
  const checked = await plugin.check(resource, inputs);
  const created = await answerOf(plugin.create(resource, checked.inputs));
  if ("refused" in created) return { created };
  const existing = { ...created, inputs: checked.inputs };
  const shown = await inspect<Properties>(String(inputs.name), kind.toLowerCase() as Lowercase<Kind>);
  const read = await plugin.read(resource, existing);
  return {
    created: comparableState(created.outputs) as object,
    shown: comparableInspect(shown),
    read: comparableState(read?.outputs ?? {}),
    existing,
  };
}

async function removeThing(kind: Kind, { name }: Properties): Promise<void> {
  const force = kind === "Network" ? [] : ["-f"];
  await docker(kind.toLowerCase(), "rm", ...force, String(name)).catch(() => undefined);
}
