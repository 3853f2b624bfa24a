import { access } from "node:fs/promises";
import { canInstall, installPackages } from "#helpers/programs/apt.ts";
import { firstExecutable, systemPath } from "#helpers/programs/executable.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { missingDocker, missingPulumi } from "../engine/missing.ts";
import type { Programs } from "./programs.ts";
import { withoutServices } from "./without-services.ts";

/** What the chosen parts of `npm test` need of the machine. */
interface Needs {
  readonly programs: Programs;
  readonly pulumi: boolean;
  readonly docker: boolean;
}

/**
 * Says what this run brings to the machine, and installs the programs among it; Pulumi and Docker come with the part
 * that needs them.
 *
 * @throws {ProblemReport} where we may not install, with every program that is missing and what to type
 */
export async function setUp(needs: Needs): Promise<void> {
  const missing = await missingPrograms(needs.programs);
  const packages = packagesOf(missing);
  const may = packages.length === 0 || (await canInstall());
  announce([
    ...(packages.length > 0 && may ? [`Debian's packages ${packages.join(", ")}, without starting a service`] : []),
    ...(needs.pulumi ? await missingPulumi() : []),
    ...(needs.docker ? await missingDocker() : []),
  ]);
  if (packages.length === 0) return;
  if (!may) throw cannotInstall(missing);
  await withoutServices(() => installPackages(packages));
  const still = await missingPrograms(needs.programs);
  if (Object.keys(still).length > 0) throw cannotInstall(still);
}

/** Those of the programs that are nowhere to be found. */
export async function missingPrograms(programs: Programs, directories = systemPath()): Promise<Programs> {
  const entries = Object.entries(programs);
  const found = await Promise.all(
    entries.map(([name]) => (name.startsWith("/") ? fileAt(name) : firstExecutable(directories, name))),
  );
  return Object.fromEntries(entries.filter((_, index) => found[index] === undefined));
}

async function fileAt(path: string): Promise<string | undefined> {
  return access(path).then(
    () => path,
    () => undefined,
  );
}

/** One problem for each program, every one with the command that brings them all. */
export function cannotInstall(missing: Programs): ProblemReport {
  const next = `sudo apt-get install -y --no-install-recommends ${packagesOf(missing).join(" ")}`;
  return new ProblemReport(
    "Tests will fail here: programs that they need are missing, and packages are installed by root on Debian and Ubuntu only",
    Object.entries(missing).map(([program, name]) => ({
      property: program,
      found: "not installed",
      expected: `${program.startsWith("/") ? "the file" : "the program"} ${program} (Debian's package ${name})`,
      fix: next,
    })),
  );
}

function packagesOf(programs: Programs): readonly string[] {
  return [...new Set(Object.values(programs))].sort();
}

function announce(lines: readonly string[]): void {
  if (lines.length === 0) return;
  console.error("This run brings to this machine what is not there yet:");
  for (const line of lines) console.error(`  - ${line}`);
}
