import { existsSync, readFileSync } from "node:fs";
import { ProblemsError } from "./problems.ts";

/**
 * What a JSON file says; undefined where there is none.
 *
 * @param fix what to type when the file cannot be read
 * @throws {ProblemsError} when it is no JSON, or no file
 */
export function readJsonFile(file: string, fix: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch (error) {
    const found = error instanceof SyntaxError ? `no JSON: ${error.message}` : (error as Error).message;
    throw new ProblemsError("Files", [{ property: file, found, expected: "a JSON file", fix }]);
  }
}
