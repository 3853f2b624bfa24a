import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { checkout } from "#helpers/files/directories.ts";
import { systemPath } from "#helpers/programs/executable.ts";
import { printFailure, problem, ProblemReport } from "#helpers/terminal/report.ts";
import { directions } from "../directions/declared.ts";
import { judge } from "../directions/judge.ts";
import { readImports } from "../directions/read-imports.ts";
import { ensureDocker } from "../docker/ensure.ts";
import { ensureToolchain } from "../toolchain/ensure.ts";
import { findOfficialParts, requireOfficialParts } from "../toolchain/official.ts";
import { aloneOnDocker } from "./leftovers.ts";
import { labPrograms, lintPrograms, previewPrograms, unitPrograms } from "./programs.ts";
import type { Programs } from "./programs.ts";
import { shellScripts } from "./shell-scripts.ts";
import { readVitestReport } from "./vitest-report.ts";
import type { Tally } from "./vitest-report.ts";

const modules = join(checkout, "node_modules");

/** A part of `npm test` that can be asked for by name. */
export interface Part {
  readonly summary: string;
  /** Programs of the host that its tests cannot do without. */
  readonly programs?: Programs;
  readonly needsPulumi?: true;
  readonly needsDocker?: true;
  readonly run: () => Promise<readonly PartResult[]>;
  /** Why it is no part of a plain `npm test` here; asked for by name it runs, and says what is missing. */
  readonly leftOut?: () => Promise<string | undefined>;
}

/** One line of the closing table. */
export interface PartResult extends Tally {
  readonly name: string;
}

/** Every part, in the order in which `npm test` runs them: what fails quickest comes first. */
export const parts = {
  lint: { summary: "eslint, prettier, tsc, directions of imports, shellcheck", programs: lintPrograms, run: lint },
  unit: {
    summary: "planners, renderers, components, scripts",
    programs: unitPrograms,
    run: () => vitest("unit", ["unit", "policies"]),
  },
  engine: { summary: "the offline engine: language host and plugins", run: () => vitest("engine") },
  preview: {
    summary: "the real engine, without a daemon",
    programs: previewPrograms,
    needsPulumi: true,
    run: previewPart,
  },
  lab: {
    summary: "the real engine on the real Docker daemon",
    programs: labPrograms,
    needsPulumi: true,
    needsDocker: true,
    run: labPart,
  },
  official: {
    summary: "Pulumi's own plugins and language host, and the lab's compared with them",
    programs: unitPrograms,
    needsDocker: true,
    run: officialPart,
    leftOut: officialLeftOut,
  },
} as const satisfies Record<string, Part>;

export type PartName = keyof typeof parts;

async function lint(): Promise<readonly PartResult[]> {
  return [
    await check("eslint", "eslint/bin/eslint.js", ["."]),
    await check("prettier", "prettier/bin/prettier.cjs", ["--check", "--log-level", "warn", "."]),
    await check("tsc", "typescript/bin/tsc", ["--noEmit"]),
    await imports(),
    // What a script sources is judged with it, as a machine reads it.
    resultOf("shellcheck", await runProgram("shellcheck", ["--check-sourced", ...shellScripts(checkout)])),
  ];
}

async function imports(): Promise<PartResult> {
  const folders = new Set(Object.keys(directions.parts).map((name) => name.split("/")[0] ?? name));
  const problems = judge(await readImports(checkout, [...folders]), directions);
  if (problems.length > 0) printFailure(new ProblemReport("Imports against the declared directions", problems));
  return resultOf("directions", problems.length);
}

async function previewPart(): Promise<readonly PartResult[]> {
  await ensureToolchain({ kind: "lab" });
  return vitest("preview");
}

async function labPart(): Promise<readonly PartResult[]> {
  requireRoot();
  await ensureToolchain({ kind: "lab" });
  await ensureDocker();
  return aloneOnDocker(() => vitest("lab"));
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw problem("The lab tests need root", {
    property: "this user",
    found: `user ${String(process.getuid?.())}`,
    expected: "root, who may make network namespaces, load rules and look into containers",
    fix: "sudo npm test -- lab",
  });
}

async function officialPart(): Promise<readonly PartResult[]> {
  await requireOfficialParts();
  await ensureToolchain({ kind: "lab" });
  await ensureDocker();
  return aloneOnDocker(() => vitest("official"));
}

async function officialLeftOut(): Promise<string | undefined> {
  const { missing } = await findOfficialParts();
  if (missing.length === 0) return undefined;
  return `Pulumi's own ${missing.map(({ property }) => property).join(", ")} are not here`;
}

async function check(name: string, script: string, args: readonly string[]): Promise<PartResult> {
  return resultOf(name, await run(script, args));
}

function resultOf(name: string, ended: number): PartResult {
  return { name, passed: ended === 0 ? 1 : 0, failed: ended === 0 ? 0 : 1, notRun: 0 };
}

async function vitest(name: string, projects: readonly string[] = [name]): Promise<readonly PartResult[]> {
  const scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
  try {
    const report = join(scratch, "report.json");
    const ended = await run("vitest/vitest.mjs", [
      "run",
      ...projects.flatMap((project) => ["--project", project]),
      "--reporter=default",
      `--reporter=${join(checkout, "scripts/test/file-times.ts")}`,
      "--reporter=json",
      `--outputFile.json=${report}`,
    ]);
    return [{ name, ...(await readVitestReport(report, ended)) }];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function run(script: string, args: readonly string[]): Promise<number> {
  return runProgram(process.execPath, [join(modules, script), ...args]);
}

/** @returns its exit code; 1 where it is not there */
async function runProgram(program: string, args: readonly string[]): Promise<number> {
  const ended = await execa(program, args, {
    cwd: checkout,
    // The host's own programs, which an ordinary user's PATH leaves out.
    env: { PATH: systemPath().join(delimiter) },
    stdio: ["ignore", "inherit", "inherit"],
    reject: false,
  });
  return ended.exitCode ?? 1;
}
