import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { askEngine } from "#scripts/policy/ask-engine.ts";
import { finding } from "./example.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-report-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** What becomes of an engine that says these events, and this on stderr, and ends so. */
async function ending(events: readonly object[], code: number, stderr = "") {
  const program = join(directory, "engine.mjs");
  const lines = events.map((event) => JSON.stringify(event)).join("\n");
  await writeFile(
    program,
    `process.stdout.write(${JSON.stringify(`${lines}\nno event\n`)}); process.stderr.write(${JSON.stringify(stderr)}); process.exitCode = ${String(code)};`,
  );
  const source = {
    title: "state.json",
    pulumi: process.execPath,
    args: [program],
    cwd: directory,
    environment: {},
    again: "npm run policy -- report --file state.json",
  };
  return askEngine(source, "{}");
}

const broken = { policyEvent: finding("container.user", "web") };
const summary = { summaryEvent: { result: "failed" } };
const STOPPED = "error: one or more mandatory policy violations were found\n";

test("an engine that a policy has stopped has judged everything", async () => {
  const report = await ending([broken, summary], 255, `warning: secrets are redacted\n${STOPPED}`);
  expect(report.counts.findings).toBe(1);
  expect(report.notes).toEqual(["warning: secrets are redacted"]);
});

test("one that ended before it was through has not, nor has one that reports an error", async () => {
  const error = { diagnosticEvent: { severity: "error", message: "the plugin crashed" } };
  const told = [];
  for (const [events, code, stderr] of [
    [[broken], 1, ""],
    [[broken, error, summary], 255, STOPPED],
    [[], 255, "error: no such stack"],
    [[broken, summary], 255, "error: running policy analysis: the pack ended"],
  ] as const) {
    const reason: unknown = await ending(events, code, stderr).catch((thrown: unknown) => thrown);
    if (!(reason instanceof ProblemReport)) throw new Error("not refused by a report");
    told.push(reason.problems[0]);
  }
  expect(told[1]?.found).toContain("the plugin crashed");
  expect(told[2]?.found).toContain("no such stack");
  expect(told[3]?.found).toContain("the pack ended");
  for (const one of told) expect(one?.fix).toContain("npm run policy -- report --file state.json");
});
