import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shellCall, shellFile } from "#components/lib/shell.ts";

const components = join(import.meta.dirname, "../../../../components");
const scripts = globSync("**/*.sh", { cwd: components }).map((path) => join(components, path));

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-shell-"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** Each text as bash prints it again: without comments, and with everything that runs. */
function understood(texts: readonly string[]): string[] {
  const mark = "== next ==";
  const program = texts.map((text) => `it() {\n${text}\n}\ndeclare -f it\necho '${mark}'\n`).join("");
  return execFileSync("bash", { input: program, encoding: "utf8" }).split(mark);
}

test("a machine is sent what the files say, but for their comments", () => {
  expect(scripts.length).toBeGreaterThan(10);
  const whole = (path: string): string =>
    readFileSync(path, "utf8").replaceAll(/^\. (\S+)$/gm, (_, name: string) => whole(join(path, "..", name)));
  expect(understood(scripts.map(shellFile))).toEqual(understood(scripts.map(whole)));
});

test("every script is in place, whatever sources it, and holds no comment of its own line", () => {
  for (const path of scripts) expect(shellFile(path), path).not.toMatch(/^\. |^\s*#(?!!)|\n\n/m);
});

test("a sourced file stands where it is named; a first line that names a shell stays", async () => {
  await writeFile(join(directory, "outer.sh"), '#!/bin/sh\n# why\nset -eu\n. ./inner.sh\n\necho "$word" # said\n');
  await writeFile(join(directory, "inner.sh"), "  # what\nword=done\n");
  expect(shellFile(join(directory, "outer.sh"))).toBe('#!/bin/sh\nset -eu\nword=done\necho "$word" # said\n');
});

test("words arrive as they are, whatever is in them", () => {
  const words = ["", "a b", "it's", "$(reboot)", "`id`", "*", "-n", "two\nlines", "\\"];
  const said = execFileSync("sh", {
    input: `say() { printf '<%s>' "$@"; }\n${shellCall("say", ...words, 7)}`,
    encoding: "utf8",
  });
  expect(said).toBe([...words, "7"].map((word) => `<${word}>`).join(""));
});
