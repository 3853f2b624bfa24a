import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { register } from "#scripts/commands/policy.ts";
import { reportConfiguration, requireState } from "#scripts/policy/input-files.ts";
import { runCommand } from "../../../support/command-line.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-report-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function fileWith(text: string): Promise<string> {
  const file = join(directory, "given.json");
  await writeFile(file, text);
  return file;
}

async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemReport)) throw new Error("not refused by a report");
  expect(error.problems).toHaveLength(1);
  return error.problems[0];
}

test.each([
  ["an empty file", ""],
  ["no JSON object", "resources: []"],
  ["no JSON object", "[]"],
  ["no JSON object", '{"deployment": {"resources": ['],
  ["JSON with nothing in it", "{}"],
  ["JSON with config, steps", '{"config": {}, "steps": []}'],
  ["JSON with version, checkpoint", '{"version": 3, "checkpoint": {"latest": {}}}'],
  ["JSON with version, deployment", '{"version": 3, "deployment": {"resources": "none"}}'],
])("a state that is %s is refused: %s", async (found, text) => {
  const problem = await refusal(requireState(await fileWith(text)));
  expect(problem).toMatchObject({ found, expected: expect.stringContaining("pulumi stack export") as string });
});

test.each([
  '{"version": 3, "deployment": {"manifest": {}, "resources": []}}',
  '{"version": 3, "deployment": {"manifest": {}}}',
  '{"version": 4, "features": ["x"], "deployment": {"resources": null}}',
])("a state is let through: %s", async (text) => {
  await expect(requireState(await fileWith(text))).resolves.toBeUndefined();
});

test("a file that is not there, or a directory, is named", async () => {
  expect(await refusal(requireState("/nowhere/state.json"))).toMatchObject({
    property: "--file /nowhere/state.json",
    found: expect.stringContaining("ENOENT") as string,
  });
  expect((await refusal(requireState(directory)))?.found).toContain("EISDIR");
  expect((await refusal(reportConfiguration(await fileWith("not json"))))?.property).toContain("--config");
});

test("a configuration keeps what it says, and findings are told for programs", async () => {
  const given = { "container.user": "disabled", "pack.settings": { asOf: "2026-11-25" } };
  const made = JSON.parse(await reportConfiguration(await fileWith(JSON.stringify(given)))) as unknown;
  expect(made).toEqual({ ...given, "pack.settings": { asOf: "2026-11-25", messages: "json" } });
  expect(JSON.parse(await reportConfiguration(undefined))).toEqual({ "pack.settings": { messages: "json" } });
});

const policy = (...args: string[]) => runCommand(register, "policy", ...args);

test("bad input is one error and exit code 2", async () => {
  const both = await policy("report", "--file", "a.json", "--deployed", "--json", "--sarif");
  expect(both.code).toBe(2);
  expect(both.err.match(/^✗/gm)).toHaveLength(1);
  expect(both.err).toContain("--file and --deployed");
  expect(both.err).toContain("--json and --sarif");
  const option = await policy("report", "--flie", "a.json");
  expect(option.code).toBe(2);
  expect(option.err).toContain("--flie");
});

test("help tells the exit codes; a rule is explained, and one that is not there is not", async () => {
  const help = await policy("report", "--help");
  expect(help.out).toMatch(/Exit code: 0 .* 1 .* 3 .* 2 /);
  expect(help.code).toBe(0);
  const told = await policy("explain", "container.user");
  expect(told.out).toContain("To fix: ");
  expect(told.code).toBe(0);
  const mistyped = await policy("explain", "container.usr");
  expect(mistyped.code).toBe(2);
  expect(mistyped.err).toContain("npm run policy -- explain --list");
});
