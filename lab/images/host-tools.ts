import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { canInstall, installPackages } from "#helpers/programs/apt.ts";
import { makeDirectoryAtomic } from "#helpers/files/atomic.ts";
import { firstExecutable, systemPath } from "#helpers/programs/executable.ts";
import { ensureProgram } from "#helpers/programs/host-program.ts";
import { problem } from "#helpers/terminal/report.ts";

/** Told what is going on, for a person to read. */
export type Say = (message: string) => void;

const MIRROR_SETTING = "GARRISON_DEBIAN_MIRROR";

/**
 * Debian's registry. Where it is not installed its package is unpacked into `cache` instead: installing it would start
 * a second registry, open to the network, as a service of the machine.
 */
export async function registryProgram(cache: string, say: Say): Promise<string> {
  const installed = await firstExecutable(systemPath(), "docker-registry");
  if (installed !== undefined) return installed;
  const directory = join(cache, "program");
  const file = join(directory, "usr/bin/docker-registry");
  if (existsSync(file)) return file;
  say("unpacking Debian's docker-registry");
  await makeDirectoryAtomic(directory, (made) => unpackPackage("docker-registry", made));
  return file;
}

/** Installs `mmdebstrap`, which makes file systems out of Debian packages, where it is missing and we may. */
export async function debianBuilder(): Promise<string> {
  return ensureProgram({
    program: "mmdebstrap",
    packageName: "mmdebstrap",
    without: "The lab's images cannot be built on this machine",
  });
}

/** How to call pip, of whichever Python this machine has; installs it where it is missing and we may. */
export async function pipCommand(): Promise<readonly [program: string, ...args: string[]]> {
  const command = ["python3", "-m", "pip"] as const;
  if (await works(command)) return command;
  if (!(await canInstall())) {
    throw problem("Python packages cannot be fetched on this machine", {
      property: "pip",
      found: "not installed, and we are not root on Debian or Ubuntu",
      expected: "Python 3 with pip",
      fix: "sudo apt-get install python3-pip",
    });
  }
  await installPackages(["python3-pip"]);
  // A Python before Debian's on PATH stays without pip.
  return (await works(command)) ? command : ["/usr/bin/python3", "-m", "pip"];
}

async function works([program, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const { failed } = await execa(program, [...args, "--version"], { reject: false, stdin: "ignore" });
  return !failed;
}

/** Where this machine fetches Debian's packages from: its own package sources, or the setting. */
export async function debianMirror(): Promise<string> {
  const set = process.env[MIRROR_SETTING];
  if (set !== undefined && set !== "") return set;
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(release)?.[1];
  if (/^ID=debian$/m.test(release) && codename !== undefined) {
    const site = await mirrorOf(codename);
    if (site !== undefined) return site;
  }
  throw problem("The lab's images are made of Debian packages, and no mirror of Debian is known", {
    property: MIRROR_SETTING,
    found: "not set, and the package sources of this machine name no Debian mirror",
    expected: "the address of a Debian mirror",
    fix: `${MIRROR_SETTING}=<address> npm run up`,
  });
}

async function mirrorOf(codename: string): Promise<string | undefined> {
  const format = "$(RELEASE) $(COMPONENT) $(SITE)";
  const listed = await execa("apt-get", ["indextargets", "--format", format, "Created-By: Packages"]);
  const lines = listed.stdout.split("\n").map((line) => line.split(" "));
  return lines.find(([suite, component]) => suite === codename && component === "main")?.[2];
}

async function unpackPackage(name: string, directory: string): Promise<void> {
  const download = join(directory, "download");
  await mkdir(download);
  await withPackageLists(() => execa("apt-get", ["download", name], { cwd: download, stdin: "ignore" }));
  await execa("sh", ["-c", "dpkg-deb -x download/*.deb . && rm -r download"], { cwd: directory });
}

// A machine that was just installed has no package lists yet.
async function withPackageLists(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (first) {
    if (process.getuid?.() !== 0) throw first;
    await execa("apt-get", ["update"], { stdin: "ignore" });
    await work();
  }
}
