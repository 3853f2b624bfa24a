import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { ensureDocker } from "../docker/ensure.ts";
import { ensureToolchain } from "../toolchain/ensure.ts";
import { findOfficialParts, requireOfficialParts } from "../toolchain/official.ts";
import { readVitestReport } from "./vitest-report.ts";
import type { Tally } from "./vitest-report.ts";

const root = resolve(import.meta.dirname, "../..");
const modules = join(root, "node_modules");

/** A part of `npm test` that can be asked for by name. */
export interface Part {
  readonly summary: string;
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
  lint: { summary: "eslint, prettier, tsc", run: lint },
  unit: { summary: "planners, renderers, components, scripts", run: () => vitest("unit") },
  preview: { summary: "the real engine, without a daemon", run: previewPart },
  lab: { summary: "the real engine on the real Docker daemon", run: labPart },
  official: {
    summary: "Pulumi's own plugins and language host, and the lab's compared with them",
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
  ];
}

async function previewPart(): Promise<readonly PartResult[]> {
  await ensureToolchain({ kind: "lab" });
  return vitest("preview");
}

async function labPart(): Promise<readonly PartResult[]> {
  await ensureToolchain({ kind: "lab" });
  await ensureDocker();
  return vitest("lab");
}

async function officialPart(): Promise<readonly PartResult[]> {
  await requireOfficialParts();
  await ensureToolchain({ kind: "lab" });
  await ensureDocker();
  return vitest("official");
}

async function officialLeftOut(): Promise<string | undefined> {
  const { missing } = await findOfficialParts();
  if (missing.length === 0) return undefined;
  return `Pulumi's own ${missing.map(({ subject }) => subject).join(", ")} are not here`;
}

async function check(name: string, script: string, args: readonly string[]): Promise<PartResult> {
  const ended = await run(script, args);
  return { name, passed: ended === 0 ? 1 : 0, failed: ended === 0 ? 0 : 1, skipped: 0 };
}

async function vitest(project: string): Promise<readonly PartResult[]> {
  const scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
  try {
    const report = join(scratch, "report.json");
    const ended = await run("vitest/vitest.mjs", [
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ]);
    return [{ name: project, ...(await readVitestReport(report, ended)) }];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function run(script: string, args: readonly string[]): Promise<number> {
  const ended = await execa(process.execPath, [join(modules, script), ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    reject: false,
  });
  return ended.exitCode ?? 1;
}
