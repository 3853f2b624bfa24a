import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { archiveOf } from "./archive.ts";
import type { Say } from "./host-tools.ts";

/**
 * The packages of a committed lock file, installed without running any of their scripts, as an archive at `file`.
 * npm's own configuration on this machine says where they come from.
 */
export async function npmFiles(recipe: string, file: string, say: Say): Promise<void> {
  await archiveOf(file, async (directory) => {
    for (const name of ["package.json", "package-lock.json"]) {
      await copyFile(join(recipe, name), join(directory, name));
    }
    say("fetching npm packages");
    const flags = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"];
    await execa("npm", ["ci", ...flags], { cwd: directory, stdin: "ignore" });
    say("packing npm packages");
  });
}
