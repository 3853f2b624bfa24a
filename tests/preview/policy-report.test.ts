import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";
import { container } from "#policies/lib/examples.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import type { PolicyReport } from "#scripts/policy/policy-report.ts";
import { stateOf } from "../support/policy-state.ts";
import { runAll } from "../unit/policies/support.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-report-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** `npm run policy -- report --file` on a state with these resources. */
async function report(resources: readonly ExampleResource[], ...args: string[]) {
  const file = join(directory, "state.json");
  await writeFile(file, stateOf(resources));
  const cli = join(checkout, "scripts/cli.ts");
  const env = { ...process.env, NO_COLOR: "1" };
  const run = await execa(process.execPath, [cli, "policy", "report", "--file", file, ...args], { env, reject: false });
  return { code: run.exitCode, out: run.stdout, err: run.stderr };
}

/** With nothing but a name, an image and a port, as most public programs have them. */
const plain = (count: number): ExampleResource[] =>
  Array.from({ length: count }, (_, index) => ({
    type: "docker:index/container:Container",
    name: `service-${String(index)}`,
    properties: {
      name: `service-${String(index)}`,
      image: "example/service:latest",
      ports: [{ internal: 80, external: 80 }],
    },
  }));

test("800 plain containers are one screen, and programs get every finding that the rules have", async () => {
  const resources = plain(800);
  const shown = await report(resources);
  expect(shown.code, shown.err).toBe(1);
  expect(shown.out.split("\n").length).toBeLessThanOrEqual(44);
  const { code, out } = await report(resources, "--json");
  expect(code).toBe(1);
  const { counts, version } = JSON.parse(out) as PolicyReport;
  expect(version).toBe(1);
  expect(counts.findings).toBe(runAll(rules, resources).verdicts.length);
});

test("what is only advice has an exit code of its own, and so has nothing at all", async () => {
  expect((await report([container({})])).code).toBe(3);
  const nothing = await report([]);
  expect(nothing.code, nothing.err).toBe(0);
  expect(nothing.out).toBe("✓ state.json: nothing was found");
});

test("a configuration that the pack refuses is an error of its own", async () => {
  const config = join(directory, "wrong.json");
  await writeFile(config, JSON.stringify({ "container.user": { waivableByLabel: "yes" } }));
  const { code, err, out } = await report([container({})], "--config", config);
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(err).toContain("waivableByLabel");
});
