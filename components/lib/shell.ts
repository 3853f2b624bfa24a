import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A word of a POSIX shell line, quoted only where it needs to be. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A line that calls a function: how data gets into a script. */
export function shellCall(name: string, ...words: readonly (string | number)[]): string {
  return `${[name, ...words.map((word) => shellQuote(String(word)))].join(" ")}\n`;
}

/**
 * Reads a script that lies beside its module, with the ones that it sources in their places (`. ./common.sh`), because a
 * machine is sent one text. Lines that are only comments stay here, so that a better comment changes no machine.
 *
 * @param path absolute: `join(import.meta.dirname, "…")`
 */
export function shellFile(path: string): string {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines
    .map((line, index) => {
      const sourced = /^\. (\.{1,2}\/[\w./-]+\.sh)$/.exec(line)?.[1];
      if (sourced !== undefined) return shellFile(join(dirname(path), sourced));
      return isComment(line) && !(index === 0 && line.startsWith("#!")) ? "" : `${line}\n`;
    })
    .join("");
}

function isComment(line: string): boolean {
  return /^\s*(#.*)?$/.test(line);
}
