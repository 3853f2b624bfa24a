import { canInstall, installPackages } from "./apt.ts";
import { firstExecutable, systemPath } from "./executable.ts";
import { problem } from "../terminal/report.ts";

/** A program of the host that something needs. */
interface HostProgram {
  readonly program: string;
  /** The package of Debian and Ubuntu that has it. */
  readonly packageName: string;
  /** What cannot be done without it, as a sentence. */
  readonly without: string;
}

/**
 * The path of a program, whose package is installed where it is missing and we may.
 *
 * @throws {ProblemReport} where we may not, with what to type
 */
export async function ensureProgram({ program, packageName, without }: HostProgram): Promise<string> {
  const found = await firstExecutable(systemPath(), program);
  if (found !== undefined) return found;
  if (await canInstall()) {
    await installPackages([packageName]);
    const installed = await firstExecutable(systemPath(), program);
    if (installed !== undefined) return installed;
  }
  throw problem(without, {
    property: program,
    found: "not installed, and packages are installed by root on Debian and Ubuntu only",
    expected: `the program ${program} (Debian's package ${packageName})`,
    fix: `sudo apt-get install ${packageName}`,
  });
}
