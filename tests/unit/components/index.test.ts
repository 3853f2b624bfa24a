import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";

const components = join(checkout, "components");
/** What a machine is made of by handles; the rest of the package are classes and plans. */
const [handles = ""] = readFileSync(join(components, "index.ts"), "utf8").split("// One container.");
const functions = [...handles.matchAll(/^export \{ ([\w, ]+) \} from "([^"]+)";$/gm)].flatMap(
  ([, names = "", file = ""]) => names.split(", ").map((name) => [name, file] as const),
);

test("kinds, machines and their deployment are there", () => {
  expect(functions.map(([name]) => name)).toEqual(expect.arrayContaining(["deploy", "machine", "valkey", "define"]));
});

/** Compiled as they are published, by tests/preview/package.test.ts. */
test.each(functions)("%s says by an example how it is called", (name, file) => {
  const text = readFileSync(join(components, file), "utf8");
  const [before = ""] = text.split(new RegExp(`^export (?:async )?function ${name}\\b`, "m"));
  const comment = before.slice(before.lastIndexOf("/**"));
  expect(comment).toMatch(new RegExp(`@example\\n \\* \`\`\`ts\\n[^]*\\b${name}(?:<[^(]+>)?\\([^]*\`\`\`\\n \\*/\\n$`));
});
