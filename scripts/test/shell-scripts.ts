import { globSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Every script for /bin/sh that no other one sources, sorted: by its name, or by its first line where it has no suffix. */
export function shellScripts(root: string): string[] {
  const options = { cwd: root, exclude: (name: string) => ["node_modules", "dist", ".git"].includes(name) };
  const bare = globSync("*/**/*", options).filter(
    (path) => !basename(path).includes(".") && isScript(join(root, path)),
  );
  const all = [...globSync("**/*.sh", options), ...bare];
  const sourced = new Set(all.flatMap((path) => sourcedBy(root, path)));
  return all.filter((path) => !sourced.has(path)).sort();
}

function isScript(file: string): boolean {
  return statSync(file).isFile() && readFileSync(file, "utf8").startsWith("#!/bin/sh\n");
}

function sourcedBy(root: string, path: string): string[] {
  const lines = readFileSync(join(root, path), "utf8").matchAll(/^\. (\S+)$/gm);
  return [...lines].map(([, name = ""]) => join(dirname(path), name));
}
