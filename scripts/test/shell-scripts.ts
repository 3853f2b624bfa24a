import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Every script of the checkout that no other one sources, sorted. */
export function shellScripts(root: string): string[] {
  const all = globSync("**/*.sh", { cwd: root, exclude: (name) => ["node_modules", "dist"].includes(name) });
  const sourced = new Set(all.flatMap((path) => sourcedBy(root, path)));
  return all.filter((path) => !sourced.has(path)).sort();
}

function sourcedBy(root: string, path: string): string[] {
  const lines = readFileSync(join(root, path), "utf8").matchAll(/^\. (\S+)$/gm);
  return [...lines].map(([, name = ""]) => join(dirname(path), name));
}
