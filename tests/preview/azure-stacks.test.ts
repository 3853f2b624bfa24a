import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseImageLock } from "#components/container/image-lock.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { graphDifference, graphOf } from "../support/graph.ts";
import type { Graph } from "../support/graph.ts";
import { checkout, committedSettings, machineStack } from "../support/machine-stack.ts";

const fixtures = join(checkout, "tests/fixtures");
/** Set to write the golden graphs instead of comparing with them. */
const UPDATE = "GARRISON_UPDATE_GOLDEN";
const judged = ["--policy-pack", "policies"];

let engine: TestEngine;
let imageKey: (reference: string) => string;

beforeAll(async () => {
  engine = await makeEngine({ program: "" });
  const { images } = parseImageLock(JSON.parse(await readFile(join(fixtures, "images.lock.json"), "utf8")));
  const keys = Object.entries(images).map(
    ([key, { repository, digest }]) => [`${repository ?? ""}@${digest ?? ""}`, key] as const,
  );
  const byReference = new Map<string, string>(keys);
  imageKey = (reference) => byReference.get(reference) ?? `that is not in the lock: ${reference}`;
});

afterAll(() => engine.dispose());

test.each(["azure-web", "gpu"])(
  "the graph of the %s stack is the reviewed one, and no rule refuses it",
  async (role) => {
    const golden = join(checkout, `tests/golden/${role}.json`);
    const settings = await readFile(join(fixtures, `Pulumi.${role}.yaml`), "utf8");
    const stack = await machineStack(engine, role, settings);
    // No subscription and no daemon: a preview asks nobody.
    const run = await stack.pulumi(["preview", "--json", ...judged], {
      DOCKER_HOST: "unix:///nonexistent/docker.sock",
    });
    expect(run.exitCode, run.output).toBe(0);
    const graph = graphOf(run.stdout, imageKey);
    if (process.env[UPDATE] !== undefined) {
      if (process.env.CI !== undefined) throw new Error(`${UPDATE} is set in CI, where nobody reviews the graph`);
      await writeFile(golden, `${JSON.stringify(graph, null, 2)}\n`);
    }
    const reviewed = JSON.parse(await readFile(golden, "utf8")) as Graph;
    const meant = `to accept the change, type ${UPDATE}=1 npm test -- preview, and review ${golden}`;
    expect(graphDifference(reviewed, graph), meant).toEqual([]);
  },
  240_000,
);

test("the committed settings of the GPU stack can be previewed as they are", async () => {
  const stack = await machineStack(engine, "gpu-committed", await committedSettings("gpu"));
  const run = await stack.pulumi(["preview", ...judged]);
  expect(run.exitCode, run.output).toBe(0);
  // One line of what preview cannot know; no finding, and nothing is waived.
  const said = run.output.match(/\[(?:mandatory|advisory)\][^(\n]*/g) ?? [];
  expect(said).toEqual([expect.stringContaining("pack.unjudged")]);
}, 240_000);
