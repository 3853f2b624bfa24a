import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { archiveOf } from "./archive.ts";
import { pipCommand } from "./host-tools.ts";
import type { Say } from "./host-tools.ts";

/** The Python of Debian trixie: what the packages are chosen for, whichever Python this machine has. */
const PYTHON = "3.13";

/** The C libraries that trixie's can stand in for, as far as the packages of our lock files ask. */
const C_LIBRARIES = ["manylinux2014", "manylinux_2_17", "manylinux_2_28", "manylinux_2_38"];

/**
 * The packages of a committed `requirements.txt`, every file with its hash, as an archive at `file`. Wheels only: they
 * are unpacked and nothing of them is run. pip's own configuration on this machine says where they come from.
 */
export async function pipFiles(recipe: string, file: string, say: Say): Promise<void> {
  const [program, ...before] = await pipCommand();
  await archiveOf(file, async (directory) => {
    say("fetching Python packages");
    const flags = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-compile", "--no-deps"];
    const lock = ["--require-hashes", "--requirement", join(recipe, "requirements.txt")];
    const args = [...before, "install", ...flags, ...lock, ...targetOf(process.arch), "--target", directory];
    await execa(program, args, { stdin: "ignore" });
    // Launchers: they would look for the Python of this machine.
    await rm(join(directory, "bin"), { recursive: true, force: true });
    say("packing Python packages");
  });
}

/**
 * What pip calls the machine and the Python inside the image. What a package requires is compared with the Python that
 * pip itself runs on, so that is left out: the lock file was made for the one of the image.
 */
export function targetOf(architecture: NodeJS.Architecture): string[] {
  const machine = architecture === "arm64" ? "aarch64" : "x86_64";
  const platforms = C_LIBRARIES.flatMap((library) => ["--platform", `${library}_${machine}`]);
  const python = ["--implementation", "cp", "--python-version", PYTHON, "--ignore-requires-python"];
  return ["--only-binary=:all:", ...python, ...platforms];
}
