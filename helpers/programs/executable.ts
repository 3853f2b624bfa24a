import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** The directories of PATH, in its order. */
export function searchPath(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (environment.PATH ?? "").split(delimiter).filter(Boolean);
}

/** PATH, and where the host's own programs are that an ordinary user's PATH leaves out. */
export function systemPath(environment: NodeJS.ProcessEnv = process.env): string[] {
  return [...searchPath(environment), "/usr/local/sbin", "/usr/sbin", "/sbin"];
}

/** The first file of this name that can be executed. */
export async function firstExecutable(directories: readonly string[], name: string): Promise<string | undefined> {
  for (const directory of directories) {
    const candidate = join(directory, name);
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue;
    }
  }
  return undefined;
}
