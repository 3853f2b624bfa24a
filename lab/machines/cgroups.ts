import { existsSync } from "node:fs";
import { readFile, readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { endAll, identities } from "#helpers/processes/processes.ts";

const root = "/sys/fs/cgroup";

/** The directories that LXC has made for machines whose name begins with the prefix, in every hierarchy. */
export async function machineCgroups(prefix: string): Promise<string[]> {
  return topDirectories(
    (name) => /^lxc\.(payload|monitor)\./.test(name) && name.split(".")[2]?.startsWith(prefix) === true,
  );
}

/** LXC moves itself there while it stops a machine, and forgets the directories. Shared by all machines of the host. */
export async function pivotCgroups(): Promise<string[]> {
  return topDirectories((name) => name === "lxc.pivot");
}

/** Kills what still runs in them: what is left of a machine that Incus does not know to be running. */
export async function endCgroups(directories: readonly string[]): Promise<void> {
  for (const directory of directories) await endAll(identities(await pidsBelow(directory)), 0);
}

/** Removes directories without a process in them, the innermost first. One that is in use stays. */
export async function removeCgroups(directories: readonly string[]): Promise<void> {
  for (const directory of directories) {
    for (const child of (await treeOf(directory)).toReversed()) await rmdir(child).catch(() => undefined);
  }
}

async function topDirectories(wanted: (name: string) => boolean): Promise<string[]> {
  // One tree, or one a controller where the kernel still has cgroups of version 1.
  const hierarchies = existsSync(join(root, "cgroup.controllers"))
    ? [root]
    : (await directoriesIn(root)).map((name) => join(root, name));
  const found = hierarchies.map(async (hierarchy) =>
    (await directoriesIn(hierarchy)).filter(wanted).map((name) => join(hierarchy, name)),
  );
  return (await Promise.all(found)).flat();
}

async function directoriesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function treeOf(directory: string): Promise<string[]> {
  const children = (await directoriesIn(directory)).map((name) => treeOf(join(directory, name)));
  return [directory, ...(await Promise.all(children)).flat()];
}

async function pidsBelow(directory: string): Promise<number[]> {
  const lists = (await treeOf(directory)).map((one) => readFile(join(one, "cgroup.procs"), "utf8").catch(() => ""));
  return (await Promise.all(lists)).flatMap((text) => text.split("\n").map(Number));
}
