import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";
import { stacks } from "#stacks/machines.ts";

/** Machines as somebody would write them in code: a bare `gpu` is also a piece of hardware. */
const MACHINES = new RegExp(`["'\`/]((?:${Object.keys(stacks).join("|")})(?:-\\w+)?)["'\`/]`, "g");
/** Its agent, its sites, its channel, and names that begin with a machine's. */
const WORDS = /\b(office|azure-web|azweb|dakota\w*|govgpt|edugpt|civiqs|telegram\w*)\b/gi;

const files = globSync("components/**/*", { cwd: checkout, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name));

/** Every name of this estate in a text. */
function namesIn(text: string): string[] {
  return [MACHINES, WORDS].flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name));
}

test("the library names no machine, site, channel or agent of this estate", () => {
  expect(files.length).toBeGreaterThan(200);
  const found = files.flatMap((file) => namesIn(readFileSync(file, "utf8")).map((name) => `${file}: ${name}`));
  expect(found).toEqual([]);
});

test.each([
  'role === "gpu"',
  "deploy-the-office-machine.md",
  "dakotaSandbox",
  "`azure-web`",
  "https://x.office.example",
  "azweb",
])("%s would be found", (text) => {
  expect(namesIn(text)).not.toEqual([]);
});

test.each(["  readonly gpu?: true;", "officer", "Never one with a GPU."])("%s is nobody's name", (text) => {
  expect(namesIn(text)).toEqual([]);
});
