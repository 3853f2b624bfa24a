import { readdir } from "node:fs/promises";
import { join } from "node:path";

const root = "/sys/fs/cgroup";

/** Every cgroup of an estate, whatever the version of the hierarchy and whoever drives it; deepest first. */
export async function estateCgroups(estate: string, tree = root): Promise<string[]> {
  const found: string[] = [];
  for (const hierarchy of [tree, ...(await children(tree)).map((name) => join(tree, name))]) {
    for (const name of (await children(hierarchy)).filter((child) => belongsTo(child, estate))) {
      const path = join(hierarchy, name);
      found.push(...(await children(path)).map((child) => join(path, child)), path);
    }
  }
  return found;
}

function belongsTo(name: string, estate: string): boolean {
  const own = `garrison-${estate}`;
  return name === own || name === `${own}.slice` || (name.startsWith(`${own}-`) && name.endsWith(".slice"));
}

async function children(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
