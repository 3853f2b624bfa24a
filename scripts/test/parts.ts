import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { execa } from "execa";
import { ensureDocker } from "../docker/ensure.ts";
import { systemPath } from "../lib/executable.ts";
import { problem } from "../lib/report.ts";
import { ensureToolchain } from "../toolchain/ensure.ts";
import { aloneOnDocker } from "./leftovers.ts";
import { labPrograms, previewPrograms, unitPrograms } from "./programs.ts";
import type { Programs } from "./programs.ts";
import { readVitestReport } from "./vitest-report.ts";
import type { Tally } from "./vitest-report.ts";

const root = resolve(import.meta.dirname, "../..");
const modules = join(root, "node_modules");

/** A part of `npm test` that can be asked for by name. */
export interface Part {
  readonly summary: string;
  /** Programs of the host that its tests cannot do without. */
  readonly programs?: Programs;
  readonly needsPulumi?: true;
  readonly needsDocker?: true;
  readonly run: () => Promise<readonly PartResult[]>;
}

/** One line of the closing table. */
export interface PartResult extends Tally {
  readonly name: string;
}

/** Every part, in the order in which `npm test` runs them: what fails quickest comes first. */
export const parts = {
  lint: { summary: "eslint, prettier, tsc", run: lint },
  unit: {
    summary: "planners, renderers, components, scripts",
    programs: unitPrograms,
    run: () => vitest("unit", ["unit", "policies"]),
  },
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
} as const satisfies Record<string, Part>;

export type PartName = keyof typeof parts;

async function lint(): Promise<readonly PartResult[]> {
  return [
    await check("eslint", "eslint/bin/eslint.js", ["."]),
    await check("prettier", "prettier/bin/prettier.cjs", ["--check", "--log-level", "warn", "."]),
    await check("tsc", "typescript/bin/tsc", ["--noEmit"]),
  ];
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
    subject: "this user",
    found: `user ${String(process.getuid?.())}`,
    expected: "root, who may make network namespaces, load rules and look into containers",
    next: "sudo npm test -- lab",
  });
}

async function check(name: string, script: string, args: readonly string[]): Promise<PartResult> {
  const ended = await run(script, args);
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
      `--reporter=${join(root, "scripts/test/file-times.ts")}`,
      "--reporter=json",
      `--outputFile.json=${report}`,
    ]);
    return [{ name, ...(await readVitestReport(report, ended)) }];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function run(script: string, args: readonly string[]): Promise<number> {
  const ended = await execa(process.execPath, [join(modules, script), ...args], {
    cwd: root,
    // The host's own programs, which an ordinary user's PATH leaves out.
    env: { PATH: systemPath().join(delimiter) },
    stdio: ["ignore", "inherit", "inherit"],
    reject: false,
  });
  return ended.exitCode ?? 1;
}
