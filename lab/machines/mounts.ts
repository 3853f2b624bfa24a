import { readFile } from "node:fs/promises";
import { mkdir, readdir, rename, rm, stat, statfs, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryBeside } from "#helpers/files/atomic.ts";
import { problem } from "#helpers/terminal/report.ts";
import { runHost, tryHost } from "./host-command.ts";
import type { IncusFiles } from "./paths.ts";

/** The mount points in the text of `/proc/self/mountinfo`, in the order in which they were mounted. */
export function mountPoints(mountinfo: string): string[] {
  return mountinfo
    .split("\n")
    .map((line) => line.split(" ")[4])
    .filter((point) => point !== undefined)
    .map((point) => point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
}

/** Mount points at or below `directory`. */
export async function mountsBelow(directory: string): Promise<string[]> {
  const points = mountPoints(await readFile("/proc/self/mountinfo", "utf8"));
  return points.filter((point) => point === directory || point.startsWith(`${directory}/`));
}

/** Makes the lab's store reachable below /run, with every disk that is in it. */
export async function mountStore(files: IncusFiles): Promise<void> {
  const { store, mounted } = files;
  await mkdir(store, { recursive: true, mode: 0o711 });
  await mkdir(mounted, { recursive: true, mode: 0o711 });
  if (!(await mountsBelow(mounted)).includes(mounted)) {
    await runHost("mount", ["--bind", store, mounted]);
    // What is mounted in it must not appear in the cache as well.
    await runHost("mount", ["--make-private", mounted]);
  }
  // Before Incus starts: a pool that is not there then is none for it.
  const disks = (await readdir(mounted)).filter((name) => /^[^.].*\.img$/.test(name));
  for (const name of disks) {
    // One that is damaged is told of by what needs it; it must not keep the lab from being removed.
    await mountFile(diskOf(files, name.replace(/\.img$/, ""))).catch(() => undefined);
  }
}

const gibibyte = 1024 ** 3;

/** A machine's disk: the file that holds it and where its file system is mounted. */
export interface Disk {
  readonly file: string;
  readonly mounted: string;
  /** What a storage pool is made of; a new file system is not quite empty. */
  readonly pool: string;
}

export function diskOf({ mounted }: IncusFiles, name: string): Disk {
  const point = join(mounted, "disks", name);
  return { file: join(mounted, `${name}.img`), mounted: point, pool: join(point, "pool") };
}

/**
 * A file system of exactly this size in a file that takes only the room that is used. It is the machine's disk: full is
 * full, and `df` inside tells the truth, also on kernels without quotas. One that is there keeps its size.
 */
export async function mountDisk(disk: Disk, sizeGiB: number): Promise<void> {
  await makeFile(disk, sizeGiB);
  await mountFile(disk);
}

/** Mounts a disk that is there. */
export async function mountFile(disk: Disk): Promise<void> {
  await mkdir(disk.mounted, { recursive: true });
  if ((await mountsBelow(disk.mounted)).length === 0) {
    await runHost("mount", ["-o", "loop,discard", disk.file, disk.mounted]);
  }
  await mkdir(disk.pool, { recursive: true, mode: 0o755 });
}

async function makeFile({ file }: Disk, sizeGiB: number): Promise<void> {
  if ((await tryHost("test", ["-e", file])) !== undefined) return;
  await mkdir(dirname(file), { recursive: true });
  const temporary = temporaryBeside(file);
  try {
    await writeFile(temporary, "", { mode: 0o600 });
    await truncate(temporary, sizeGiB * gibibyte);
    await runHost("mkfs.ext4", ["-q", "-m", "0", "-E", "lazy_itable_init=1,lazy_journal_init=1", temporary]);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Whether a mounted disk has less than this. */
export async function isSmaller({ file, mounted }: Disk, sizeGiB: number): Promise<boolean> {
  const { blocks, bsize } = await statfs(mounted);
  // The file system's own records take a few hundredths of the whole.
  return (await stat(file)).size < sizeGiB * gibibyte || blocks * bsize < 0.9 * sizeGiB * gibibyte;
}

/**
 * Enlarges a disk that nobody uses.
 *
 * @throws ProblemReport when somebody does: a file system is not enlarged under one who writes to it
 */
export async function growDisk(disk: Disk, sizeGiB: number): Promise<void> {
  await runHost("umount", [disk.mounted]);
  const holder = await runHost("losetup", ["--noheadings", "--output", "NAME", "--associated", disk.file]);
  if (holder.trim() !== "") {
    await mountFile(disk);
    throw problem("The disk cannot be enlarged", {
      property: disk.file,
      found: `in use by way of ${holder.trim()}`,
      expected: "a disk that no machine has open",
      fix: "end what uses it on the machine, then the same command again",
    });
  }
  await truncate(disk.file, sizeGiB * gibibyte);
  await runHost("e2fsck", ["-f", "-p", disk.file]);
  await runHost("resize2fs", [disk.file]);
  await mountFile(disk);
}

export async function removeDisk(disk: Disk): Promise<void> {
  await unmountBelow(disk.mounted);
  await rm(disk.mounted, { recursive: true, force: true });
  await rm(disk.file, { force: true });
}

/** Unmounts all that is at or below `directory`, the last first. */
export async function unmountBelow(directory: string): Promise<void> {
  for (const point of (await mountsBelow(directory)).toReversed()) {
    // Whoever still looks at it from another namespace keeps it until he ends; here it is gone.
    if ((await tryHost("umount", [point])) === undefined) await runHost("umount", ["--lazy", point]);
  }
}
