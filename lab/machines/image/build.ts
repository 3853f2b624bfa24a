import { existsSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { makeDirectoryAtomic } from "#helpers/files/atomic.ts";
import { diesWithUs } from "#helpers/processes/dies-with-us.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { withLock } from "#helpers/files/lock.ts";
import { problem } from "#helpers/terminal/report.ts";
import { debianBuilder } from "#lab/images/host-tools.ts";
import { aptProxies, hostDebianLines } from "../package-sources.ts";
import { readMachineImageInputs } from "./inputs.ts";
import type { MachineImageInputs } from "./inputs.ts";

/** A machine image as Incus imports it. */
export interface MachineImage {
  /** The hash of what it was made of. */
  readonly hash: string;
  readonly metadata: string;
  readonly rootfs: string;
}

/** Translations and manuals are half of a small Debian; nobody reads them here. */
const aptOptions = ['APT::Install-Recommends "false"', 'Acquire::Languages "none"'];
const dpkgOptions = ["man", "locale", "info"].map((name) => `path-exclude=/usr/share/${name}/*`);
const withoutSync = "force-unsafe-io";
/** Debian's names of processors by those of Node. */
const debianNames: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/**
 * The image of the lab's machines, built into `cache` when there is none of just these inputs. Older ones are removed.
 *
 * @param tell how far it is, for a person to read
 */
export async function ensureMachineImage(cache: string, tell: (detail: string) => void): Promise<MachineImage> {
  const inputs = await readMachineImageInputs();
  const directory = join(cache, `image-${inputs.hash}`);
  const image = {
    hash: inputs.hash,
    metadata: join(directory, "metadata.tar"),
    rootfs: join(directory, "rootfs.squashfs"),
  };
  if (existsSync(directory)) return image;
  const waiting = (): void => {
    tell("another command is building the machine image; waiting for it");
  };
  await withLock(
    join(cache, "image.lock"),
    async () => {
      if (existsSync(directory)) return;
      await removeOthers(cache);
      await makeDirectoryAtomic(directory, (made) => build(inputs, made, tell));
    },
    { onWait: waiting },
  );
  return image;
}

// Older images, and what a run that was killed had begun. Under the lock nobody else builds.
async function removeOthers(cache: string): Promise<void> {
  const names = await readdir(cache);
  const others = names.filter((name) => /^\.?image-/.test(name));
  await Promise.all(others.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

async function build(inputs: MachineImageInputs, directory: string, tell: (detail: string) => void): Promise<void> {
  const rootfs = join(directory, "rootfs");
  const { recipe } = inputs;
  tell("Debian's packages");
  await run(tell, [
    await debianBuilder(),
    "--variant=minbase",
    "--format=directory",
    ...[...aptOptions, ...(await aptProxies())].map((option) => `--aptopt=${option}`),
    ...[...dpkgOptions, withoutSync].map((option) => `--dpkgopt=${option}`),
    `--include=${inputs.packages.join(",")}`,
    `--customize-hook=${["sh", join(recipe, "customize.sh"), '"$1"', join(recipe, "files")].join(" ")}`,
    inputs.suites[0] ?? "",
    rootfs,
    ...(await hostDebianLines(inputs.suites)),
  ]);
  tell("packing");
  await run(tell, ["rm", "-f", join(rootfs, "etc/dpkg/dpkg.cfg.d/99mmdebstrap")]);
  const pack = ["-comp", "zstd", "-Xcompression-level", "1", "-noappend", "-no-progress"];
  await run(tell, ["mksquashfs", rootfs, join(directory, "rootfs.squashfs"), ...pack]);
  await rm(rootfs, { recursive: true });
  await writeMetadata(recipe, directory);
}

async function writeMetadata(recipe: string, directory: string): Promise<void> {
  const work = join(directory, "metadata");
  await mkdir(work);
  const text = await readFile(join(recipe, "metadata.yaml"), "utf8");
  await writeFile(join(work, "metadata.yaml"), text.replace("ARCHITECTURE", debianNames[process.arch] ?? process.arch));
  await cp(join(recipe, "templates"), join(work, "templates"), { recursive: true });
  await execa("tar", ["-C", work, "--owner=0", "--group=0", "-cf", join(directory, "metadata.tar"), "."]);
  await rm(work, { recursive: true });
}

async function run(tell: (detail: string) => void, command: readonly string[]): Promise<void> {
  const [program, ...args] = diesWithUs(command);
  const running = execa(program, args, { reject: false, stdin: "ignore", all: true, env: { LC_ALL: "C.UTF-8" } });
  for await (const line of running.iterable({ from: "all" })) {
    const told = /^I: (.*)$/.exec(line)?.[1];
    if (told !== undefined) tell(told.length > 60 ? `${told.slice(0, 60)}…` : told);
  }
  const ended = await running;
  if (ended.exitCode === 0) return;
  throw problem("The machine image cannot be built", {
    property: command[0] ?? "",
    found: firstText(ended.all.trimEnd().split("\n").slice(-12).join("\n"), ended.shortMessage),
    expected: "exit code 0",
    fix: "put right what the lines above say and run the same command again",
  });
}
