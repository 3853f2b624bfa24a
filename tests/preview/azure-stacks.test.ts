import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseImageLock } from "../../components/container/image-lock.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { graphDifference, graphOf } from "../support/graph.ts";
import type { Graph } from "../support/graph.ts";
import { checkout, machineStack } from "../support/machine-stack.ts";

/** Set to write the golden graph instead of comparing with it. */
const UPDATE = "GARRISON_UPDATE_GOLDEN";
let engine: TestEngine;
beforeAll(async () => {
  engine = await makeEngine({ program: "" });
});
afterAll(() => engine.dispose());

test.each(["azure-web", "gpu"])("try %s", async (role) => {
  const stack = await machineStack(engine, role, await readFile(join(checkout, `tests/fixtures/Pulumi.${role}.yaml`), "utf8"));
  const run = await stack.pulumi(["preview", "--policy-pack", "policies"], {
    DOCKER_HOST: "unix:///nonexistent/docker.sock",
  });
  console.log(run.output);
  expect(run.exitCode).toBe(0);
}, 60000);
