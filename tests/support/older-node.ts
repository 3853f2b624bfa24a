import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";

/** Too old to run TypeScript, and new enough to read what says so. */
const OLD = 20;

/** A Node of that line: one that lies on PATH, or else npm's, put into `directory`. */
export async function olderNode(directory: string): Promise<string> {
  for (const entry of (process.env.PATH ?? "").split(delimiter)) {
    const candidate = join(entry, "node");
    if (await isOld(candidate)) return candidate;
  }
  const name = `node-${process.platform}-${process.arch}`;
  await execa("npm", ["install", "--prefix", directory, "--no-save", "--ignore-scripts", `${name}@${String(OLD)}`]);
  const installed = join(directory, "node_modules", name, "bin/node");
  if (await isOld(installed)) return installed;
  throw new Error(`npm's ${name}@${String(OLD)} is not Node ${String(OLD)}`);
}

async function isOld(node: string): Promise<boolean> {
  try {
    await access(node);
    const { stdout } = await execa(node, ["--version"]);
    return stdout.startsWith(`v${String(OLD)}.`);
  } catch {
    return false;
  }
}
