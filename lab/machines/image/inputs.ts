import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join, relative } from "node:path";

/** systemd of Debian 13 refuses hosts with cgroups of version 1, and there are such hosts. */
const MACHINE_SUITE = "bookworm";

/** Raised when the way of building changes although no file does. */
const BUILDER = 1;

/** What a bare machine of the estate has: what a cloud's image brings, Docker, and what its configuration needs. */
const PACKAGES: readonly string[] = [
  "apparmor",
  "ca-certificates",
  "cloud-init",
  "curl",
  "dbus",
  "docker.io",
  "iproute2",
  "iptables",
  "iputils-ping",
  "isc-dhcp-client",
  "libpam-systemd",
  "netbase",
  "nftables",
  "openssh-server",
  "procps",
  "python3",
  "sudo",
  "systemd-sysv",
];

/** Everything that decides what the image contains, and the hash over it. */
export interface MachineImageInputs {
  readonly packages: readonly string[];
  /** Lines for apt, without the packages' host where the hash is made: a mirror moves, its packages do not. */
  readonly suites: readonly string[];
  /** Directory with the script, the files, the templates and the metadata. */
  readonly recipe: string;
  /** Short hash: the name of the image in the cache. */
  readonly hash: string;
}

/** Reads what the image is made of. `recipe` is the directory with its files. */
export async function readMachineImageInputs(recipe: string = import.meta.dirname): Promise<MachineImageInputs> {
  const suites = [MACHINE_SUITE, `${MACHINE_SUITE}-updates`, `${MACHINE_SUITE}-security`];
  const files = await recipeFiles(recipe);
  const everything = [BUILDER, process.arch, PACKAGES, suites, files];
  const hash = createHash("sha256").update(JSON.stringify(everything)).digest("hex").slice(0, 16);
  return { packages: PACKAGES, suites, recipe, hash };
}

async function recipeFiles(recipe: string): Promise<(readonly [name: string, text: string])[]> {
  const entries = await readdir(recipe, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(paths.map(async (path) => [relative(recipe, path), await readFile(path, "utf8")] as const));
}
