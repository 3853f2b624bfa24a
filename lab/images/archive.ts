import { mkdir, rename, rm } from "node:fs/promises";
import { execa } from "execa";
import { temporaryBeside } from "#helpers/files/atomic.ts";

/**
 * What `fill` puts into an empty directory, as an archive at `file`: whole or not at all. Owner, times and modes are
 * those of an image, whatever the umask of this machine is.
 */
export async function archiveOf(file: string, fill: (directory: string) => Promise<void>): Promise<void> {
  const directory = temporaryBeside(`${file}.d`);
  const temporary = temporaryBeside(file);
  try {
    await mkdir(directory, { recursive: true });
    await fill(directory);
    const owner = ["--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"];
    await execa("tar", ["--format=gnu", "--sort=name", "--mtime=@0", ...owner, "-cf", temporary, "-C", directory, "."]);
    await rename(temporary, file);
  } finally {
    await rm(directory, { recursive: true, force: true });
    await rm(temporary, { force: true });
  }
}
