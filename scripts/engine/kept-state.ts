import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EstateFiles } from "#lab/estate/paths.ts";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { parseState, readState, stateFile } from "./state.ts";

/** The state as it was when the last command began: the engine's own files can all be cut off by a full disk. */
export function keptFile(files: EstateFiles, stack: string): string {
  return join(files.directory, `${stack}.kept.json`);
}

/** Keeps a copy of the state. Call it only while nobody else changes the estate. */
export async function keepState(files: EstateFiles, stack: string): Promise<void> {
  const file = stateFile(files, stack);
  const text = await readText(file);
  if (text === undefined || parseState(text, file).resources.length === 0) return;
  if (text !== (await readText(keptFile(files, stack)))) await writeFileAtomic(keptFile(files, stack), text, 0o600);
}

/** Puts that copy back, after a step that has made the state worse and nothing else. */
export async function restoreKept(files: EstateFiles, stack: string): Promise<void> {
  const text = await readText(keptFile(files, stack));
  if (text !== undefined) await writeFileAtomic(stateFile(files, stack), text, 0o600);
}

/**
 * Puts the newest readable copy in the place of a state that was cut off in the middle of being written. What was made
 * after that copy is found by its labels. Without a copy the reader's own report stands.
 *
 * @returns the copy that was used; undefined when nothing had to be done
 */
export async function rescueState(files: EstateFiles, stack: string): Promise<string | undefined> {
  try {
    await readState(files, stack);
    return undefined;
  } catch (error) {
    if (!(error instanceof ProblemReport)) throw error;
    const file = stateFile(files, stack);
    for (const copy of [`${file}.bak`, keptFile(files, stack)]) {
      const text = await readText(copy);
      if (text === undefined || !isReadable(text, copy)) continue;
      await writeFileAtomic(file, text, 0o600);
      return copy;
    }
    throw error;
  }
}

function isReadable(text: string, file: string): boolean {
  try {
    return parseState(text, file).resources.length > 0;
  } catch {
    return false;
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
