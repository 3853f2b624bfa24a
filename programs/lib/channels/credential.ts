import { readFile, stat } from "node:fs/promises";

/** A file that holds a credential cannot be used. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";
}

/**
 * The one line of a file that holds a credential. It is read at each use, so that a rotation needs no restart. Throws a
 * {@link CredentialError} that names the file, never what is in it.
 */
export async function credential(file: string): Promise<string> {
  const { text, mode } = await read(file);
  if ((mode & 0o007) !== 0) {
    const found = (mode & 0o777).toString(8).padStart(4, "0");
    throw new CredentialError(`${file}: mode ${found}; expected closed to others; next: chmod o= ${file}`);
  }
  const value = text.trim();
  if (value === "" || /\s/.test(value)) throw new CredentialError(`${file}: expected one line that is not empty`);
  return value;
}

async function read(file: string): Promise<{ text: string; mode: number }> {
  try {
    return { text: await readFile(file, "utf8"), mode: (await stat(file)).mode };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new CredentialError(`${file}: ${code}; expected a file with the credential`);
  }
}
