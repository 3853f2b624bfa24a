import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { harmless, readComment } from "#scripts/report/post/comment.ts";
import { inJson, reportSchema } from "#scripts/report/json.ts";
import { inMarkdownWhole } from "#scripts/report/show/markdown.ts";
import { inTerminalWhole } from "#scripts/report/show/terminal.ts";
import type { Part, Side } from "#scripts/report/side.ts";
import { compared, empty } from "./sides.ts";

/** What a name, a reason or a path may be made of to break out of where it stands. */
const hostile = fc.oneof(
  fc.constantFrom(
    "`@octocat`",
    "``` \n# Approved",
    "<img src=x onerror=alert(1)>",
    "-->\n<!-- garrison-report:other -->",
    "[click](https://evil.example)",
    "@org/team please merge",
    "fixes #1",
    "\u202Egnp.exe",
    "\u001b]0;title\u0007\u001b[2J",
    'end"] n0 --> n1["',
    "a\\`@b`",
    "",
    "https://evil.example",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
);

const path = fc.record({ from: hostile, to: hostile, port: hostile, over: hostile, why: hostile });
const sides = fc.record({
  paths: fc.array(path, { maxLength: 4 }),
  powers: fc.array(fc.record({ of: hostile, power: hostile }), { maxLength: 3 }),
  findings: fc.array(
    fc.record({
      rule: hostile,
      severity: fc.constant("high"),
      level: fc.constant("mandatory"),
      resource: hostile,
      property: hostile,
      found: hostile,
    }),
    { maxLength: 3 },
  ),
  waivers: fc.array(
    fc.record({
      of: hostile,
      rule: hostile,
      adds: fc.array(hostile, { maxLength: 2 }),
      reason: hostile,
      owner: hostile,
      expires: hostile,
    }),
    { maxLength: 3 },
  ),
  openings: fc.array(fc.record({ on: hostile, port: hostile, from: hostile, public: fc.boolean(), why: hostile }), {
    maxLength: 3,
  }),
});

const side = (parts: Partial<Side>): Side => ({ ...empty, ...parts });

/** Everything in a parsed text that is no plain word, list, heading or code. */
function actsIn(markdown: string): string[] {
  const found: string[] = [];
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (["html", "link", "image", "table", "blockquote", "def", "del"].includes(token.type)) found.push(token.raw);
    if (token.type === "text" && !("tokens" in token) && /@\w|(?<!&)#\d|:\/\/|www\./.test(token.raw))
      found.push(token.raw);
  });
  return found;
}

describe("what others wrote", () => {
  test("is never markup, a mention, a link or a picture in the comment", () => {
    fc.assert(
      fc.property(sides, sides, (before, after) => {
        const text = inMarkdownWhole(compared(side(before), side(after)));
        const [marker, ...rest] = text.split("\n");
        expect(marker).toBe("<!-- garrison-report:office -->");
        expect(actsIn(rest.join("\n"))).toEqual([]);
        // The poster changes nothing of what we wrote.
        expect(readComment(text).body).toBe(text);
      }),
    );
  });

  test("neither moves a terminal's cursor nor is wider than it", () => {
    fc.assert(
      fc.property(sides, sides, (before, after) => {
        const text = stripVTControlCharacters(inTerminalWhole(compared(side(before), side(after))));
        expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
        expect(text).not.toMatch(/^.{81}/mu);
      }),
    );
  });

  test("is without secrets in every form", () => {
    const key = `ghp_${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8".slice(0, 36)}`;
    const after = side({ powers: [{ of: "page", power: `runs with ${key}` }] });
    const report = compared(empty, after);
    for (const text of [inMarkdownWhole(report), inTerminalWhole(report), inJson(report, [])]) {
      expect(text).toContain("runs with <");
      expect(text).not.toContain(key);
    }
  });
});

test("the same two sides give the same text, in whatever order they are written", () => {
  const parts = ["paths", "powers", "findings", "waivers", "openings"] as const;
  fc.assert(
    fc.property(sides, sides, fc.infiniteStream(fc.nat()), (before, after, random) => {
      const shuffled = (all: typeof before): Partial<Side> =>
        Object.fromEntries(
          parts.map((part) => [
            part,
            (all[part] as object[])
              .map((one) => [random.next().value, one] as const)
              .sort(([a], [b]) => a - b)
              .map(([, one]) => one),
          ]),
        );
      const text = inMarkdownWhole(compared(side(before), side(after)));
      expect(inMarkdownWhole(compared(side(shuffled(before)), side(shuffled(after))))).toBe(text);
    }),
  );
});

test("two sides that are the same are no change, whatever is on them", () => {
  fc.assert(
    fc.property(sides, (same) => {
      const report = compared(side({ ...same, waivers: [] }), side({ ...same, waivers: [] }));
      expect([report.changes, report.verdict, report.labels]).toEqual([[], "No change.", ["no-reach-change"]]);
    }),
  );
});

describe("600 changes", () => {
  const paths = Array.from({ length: 600 }, (_, index): Part<"paths"> => {
    const [from, to] = [`client-${String(index)}`, `server-${String(index)}`];
    return { from, to, port: "8080", over: `network-${String(index)}`, why: "w".repeat(400) };
  });
  const report = compared(empty, side({ paths }));

  test("are a comment that GitHub takes, which says how many are left out", () => {
    const text = inMarkdownWhole(report);
    expect(text.length).toBeLessThanOrEqual(60_000);
    const lines = text.split("\n").filter((line) => line.startsWith("- **new**")).length;
    expect(lines).toBeGreaterThan(50);
    expect(text).toContain(`- … and ${String(600 - lines)} more, in the JSON of the report`);
  });

  test("are all in the JSON, which is what its schema says", () => {
    expect(reportSchema.parse(JSON.parse(inJson(report, ["reach"]))).changes).toHaveLength(600);
  });

  test("are drawn up to 30 nodes", () => {
    const picture = /```mermaid\n([^`]*)```/.exec(inMarkdownWhole(report))?.[1] ?? "";
    expect(picture.match(/^ {2}n\d+\[/gm)).toHaveLength(30);
    expect(picture.match(/==>/g)).toHaveLength(15);
    expect(picture).toContain("%% 585 more are not drawn");
  });

  test("each as long as it can be still fit", () => {
    const long = (text: string): string => text.repeat(300);
    const many = Array.from({ length: 600 }, (_, index) => ({
      index: String(index),
      text: long(`\`${String(index)}`),
    }));
    const worst = side({
      paths: many.map(({ text }) => ({ from: text, to: text, port: text, over: text, why: text })),
      powers: many.map(({ text }) => ({ of: text, power: text })),
      mounts: many.map(({ text }) => ({ of: text, at: text, store: text, writable: true })),
      waivers: many.map(({ text }) => ({
        of: text,
        rule: text,
        adds: many.map((one) => one.text).slice(0, 9),
        reason: text,
        owner: text,
        expires: text,
      })),
      counts: Object.fromEntries(many.map(({ text }) => [text, 1])),
    });
    expect(inMarkdownWhole(compared(empty, worst)).length).toBeLessThanOrEqual(60_000);
  });
});

describe("what a stranger hands the poster", () => {
  test.each([
    ["a mention", "cc @octocat", "cc (at)octocat"],
    ["HTML", "<details open>", "&lt;details open&gt;"],
    ["a link", "[x](https://evil.example)", "\\[x\\](https: //evil.example)"],
    ["an issue", "fixes #12", "fixes no. 12"],
    ["a mention behind an escaped fence", "\\`@octocat`", "\\\\`@octocat`"],
    ["a table, whose cells part code", "`a | @octocat`", "`a | @octocat`"],
    ["the line that makes a table", "|---|---|", "&#124;---&#124;---&#124;"],
    ["an open fence", "```\n@octocat", "'''\n(at)octocat"],
    [
      "another picture",
      '```mermaid\nflowchart LR\n  click n0 "https://evil.example"\n```',
      "'''mermaid\nflowchart LR\n  click n0 \"https: //evil.example\"\n'''",
    ],
  ])("%s does nothing", (_, text, expected) => {
    expect(harmless(text)).toBe(expected);
    expect(actsIn(harmless(text))).toEqual([]);
  });

  test("is refused where it is no report, or too long for one", () => {
    expect(() => readComment("hello")).toThrow("does not begin with its marker");
    expect(() => readComment("\n<!-- garrison-report:office -->\n")).toThrow("does not begin with its marker");
    expect(() => readComment(`<!-- garrison-report:office -->\n${"a".repeat(60_000)}`)).toThrow("more than 60000");
  });
});
