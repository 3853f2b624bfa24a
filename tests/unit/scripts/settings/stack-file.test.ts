import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ProblemReport, renderReport } from "#helpers/terminal/report.ts";
import { stackReachability } from "#scripts/reach/stack-reachability.ts";
import { readDeployment } from "#scripts/images/deployment.ts";
import { readStackFile } from "#scripts/settings/stack-file.ts";

const folder = mkdtempSync(join(tmpdir(), "garrison-stack-file-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(text: string): string {
  const path = join(folder, "Pulumi.mine.yaml");
  writeFileSync(path, text);
  return path;
}

function reported(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    // Anything else would be a crash with a stack trace.
    if (error instanceof ProblemReport) return renderReport(error);
    throw error;
  }
  return "nothing";
}

test.each([
  ["a tab", "config:\n\tgarrison:machine: office\n", "line 2"],
  ["a key given twice", "config:\n  garrison:lan: []\n  garrison:lan: []\n", "line 3"],
  ["a list that is not closed", "config:\n  garrison:lan: [192.168.1.0/24\n", "line 3"],
  ["an alias of nothing", "config:\n  garrison:lan: [*home]\n", "home"],
  ["two documents", "config: {}\n---\nconfig: {}\n", "more than one document"],
  ["a list of settings", "config:\n  - garrison:machine: office\n", "below `config:`"],
  ["a text", "config: office\n", "below `config:`"],
  ["a list", "- config\n", "mapping"],
  ["a quote that is not closed", "config:\n  garrison:machine: 'office\n", "line"],
])("%s is told with its file and what to put right", (_, text, said) => {
  const path = file(text);
  const report = reported(() => readStackFile(path, ["machine", "lan"]));
  expect(report).toContain("Pulumi.mine.yaml");
  expect(report).toContain(said);
  expect(report).toContain("put it right in Pulumi.mine.yaml");
  expect(report).not.toMatch(/ at |parseAllDocuments|ZodError/);
});

test.each([
  ["", {}],
  ["config:\n", {}],
  ["\uFEFFconfig:\n  garrison:machine: office\n", { machine: "office" }],
  ["config:\n  garrison:machine: &m office\n  garrison:lan: [*m]\n", { machine: "office", lan: ["office"] }],
])("%j can be read", (text, settings) => {
  expect(readStackFile(file(text), ["machine", "lan"])).toEqual(settings);
});

test("a wrong setting is told in the words of the reference, with a command for its stack", () => {
  file("config:\n  garrison:machine: office\n  garrison:network: 10.77.0.5/16\n");
  const report = reported(() => stackReachability("mine", folder, false));
  expect(report).toContain("garrison:network");
  expect(report).toContain("a private IPv4 block of /16 to /20");
  expect(report).toContain("pulumi config set --path garrison:network 10.77.0.0/16 --stack mine");
});

test("the images' settings are told in the same way", () => {
  const configFile = file("config:\n  garrison:machine: office\n  garrison:images:\n    registry: https://ghcr.io\n");
  const report = reported(() => readDeployment({ stack: "mine", configFile }));
  expect(report).toContain("garrison:images.registry");
  expect(report).toContain("--stack mine");
});
