import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";
import { readPage } from "#tests/support/markdown.ts";
import type { Page } from "#tests/support/markdown.ts";

/** The packages' READMEs lead to files of the package, where the package's own test looks for them. */
const pages = tracked("*.md").filter((file) => !file.startsWith("scripts/package/readme/"));

describe("a link", () => {
  const read = new Map(pages.map((file) => [file, readPage(readFileSync(join(checkout, file), "utf8"))]));

  test.each(pages)("of %s leads to a file, and to a heading in it", (file) => {
    expect(deadLinks(file, read)).toEqual([]);
  });

  test("is found in tables and lists, and not in code; a dead one is told", () => {
    const text = "# One `two`: three\n\n## One\n\n| [a](#one-two-three) |\n|-|\n| `[c](nowhere)` |\n\n- [d](#none)\n";
    const own = new Map([["x.md", readPage(`${text}\n[e](gone.md) [f](y.md#there) [g](y.md#not-there)`)]]);
    expect(deadLinks("x.md", own.set("y.md", readPage("## There\n")))).toEqual(["#none", "gone.md", "y.md#not-there"]);
  });
});

test("the README says of every top folder what is in it, and of no other", () => {
  const section = readFileSync(join(checkout, "README.md"), "utf8").split("\n## Where things are\n")[1] ?? "";
  const told = [...section.matchAll(/^\| `([^`]+)\/`/gm)].map(([, folder = ""]) => folder);
  expect(told.toSorted()).toEqual([...new Set(tracked("*/*").map((file) => file.split("/")[0] ?? ""))].toSorted());
});

/** Links to other sites are not followed. */
function deadLinks(file: string, read: ReadonlyMap<string, Page>): string[] {
  return (read.get(file)?.links ?? []).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = "", anchor] = link.split("#", 2);
    const target = path === "" ? file : normalize(join(dirname(file), decodeURI(path)));
    if (!read.has(target) && !existsSync(join(checkout, target))) return true;
    return anchor !== undefined && read.get(target)?.anchors.has(decodeURI(anchor)) !== true;
  });
}

/** Files of the checkout, new ones too, but not what Git ignores. */
function tracked(pattern: string): string[] {
  const files = ["ls-files", "--cached", "--others", "--exclude-standard", pattern];
  return execFileSync("git", files, { cwd: checkout, encoding: "utf8" }).trimEnd().split("\n");
}
