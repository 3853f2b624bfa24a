import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseImageLock } from "#components/container/image-lock.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { graphDifference, graphOf } from "../support/graph.ts";
import type { Graph } from "../support/graph.ts";
import { checkout, machineStack, withDirectory } from "../support/machine-stack.ts";
import type { MachineStack } from "../support/machine-stack.ts";

const golden = join(checkout, "tests/golden/office.json");
const settings = join(checkout, "tests/fixtures/Pulumi.office.yaml");
const lock = join(checkout, "tests/fixtures/images.lock.json");
/** Set to write the golden graph instead of comparing with it. */
const UPDATE = "GARRISON_UPDATE_GOLDEN";

let engine: TestEngine;
let office: MachineStack;
let imageKey: (reference: string) => string;

beforeAll(async () => {
  engine = await makeEngine({ program: "" });
  office = await machineStack(engine, "office", await readFile(settings, "utf8"));
  const { images } = parseImageLock(JSON.parse(await readFile(lock, "utf8")));
  const keys = Object.entries(images).map(
    ([key, { repository, digest }]) => [`${repository ?? ""}@${digest ?? ""}`, key] as const,
  );
  const byReference = new Map<string, string>(keys);
  imageKey = (reference) => byReference.get(reference) ?? `that is not in the lock: ${reference}`;
});

afterAll(() => engine.dispose());

// No daemon either: the host of the settings does not exist, and DOCKER_HOST leads nowhere.
async function preview(): Promise<Graph> {
  const run = await office.pulumi(["preview", "--json", "--policy-pack", "policies"], {
    DOCKER_HOST: "unix:///nonexistent/docker.sock",
  });
  expect(run.exitCode, run.output).toBe(0);
  return graphOf(run.stdout, imageKey);
}

test("the graph of the office machine is the reviewed one", async () => {
  const graph = await preview();
  if (process.env[UPDATE] !== undefined) {
    if (process.env.CI !== undefined) throw new Error(`${UPDATE} is set in CI, where nobody reviews the graph`);
    await writeFile(golden, `${JSON.stringify(graph, null, 2)}\n`);
  }
  const reviewed = JSON.parse(await readFile(golden, "utf8")) as Graph;
  const meant = `to accept the change, type ${UPDATE}=1 npm test -- preview, and review tests/golden/office.json`;
  expect(graphDifference(reviewed, graph), meant).toEqual([]);

  const again = await preview();
  expect(graphDifference(graph, again), "a second preview differs from the first").toEqual([]);
}, 240_000);

test("the policies judge the preview: what they accept as waived, they refuse when told to", async () => {
  await withDirectory(async (directory) => {
    const strict = join(directory, "policies.json");
    await writeFile(strict, JSON.stringify({ "container.sensitive-mounts": { waivableByLabel: false } }));
    const run = await office.pulumi(["preview", "--policy-pack", "policies", "--policy-pack-config", strict]);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toMatch(/ container\.sensitive-mounts\s+\(.*: docker-socket-proxy-container\)/);
    expect(run.output.match(/\[mandatory\]/g)).toHaveLength(1);
  });
});

test("the policies show what is waived, and preview knows every value of a container, network or volume", async () => {
  const run = await withDirectory(async (directory) => {
    // A day on which no waiver has expired: the clock is not what is tested.
    const config = join(directory, "policies.json");
    await writeFile(config, JSON.stringify({ "pack.settings": { asOf: "2026-11-25" } }));
    return office.pulumi(["preview", "--policy-pack", "policies", "--policy-pack-config", config]);
  });
  expect(run.exitCode, run.output).toBe(0);
  const said = run.output.match(/\[(?:mandatory|advisory)\].*/g);
  expect(said).toEqual([expect.stringContaining("pack.unjudged"), expect.stringContaining("pack.waived")]);
  // The secrets are minted during the first update, and with them comes the script that delivers them.
  expect(run.output).toMatch(/Not known before the update, and judged then: .*stdin of office-files-command/);
  expect(run.output).toMatch(/Waived: .*container\.sensitive-mounts\s+\(docker-socket-proxy-container\)/s);
});
