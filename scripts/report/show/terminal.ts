import pc from "picocolors";
import { wrapped } from "#policies/lib/finding-text.ts";
import type { Sign } from "../change.ts";
import type { Report } from "../report.ts";
import { inTerminal, seen } from "./escape.ts";
import { sectionsOf } from "./sections.ts";

const WIDTH = 80;
const INDENT = 10;

/** Lines of each section; the rest is in the JSON. */
const MOST = 40;

const COLOURS: Readonly<Record<Sign, (text: string) => string>> = {
  new: pc.red,
  changed: pc.yellow,
  expired: pc.yellow,
  lost: pc.green,
};

/** The report for a terminal of 80 columns. */
export function inTerminalWhole(report: Report): string {
  const { verdict, name, before, after, total, labels } = report;
  return [
    ...lines(verdict, WIDTH).map((line) => pc.bold(line)),
    ...lines(`${seen(name)}: ${seen(after)} against ${seen(before)}`, WIDTH),
    ...sectionsOf(report, MOST).flatMap(({ title, lines: all, more }) => [
      "",
      pc.bold(title),
      ...all.flatMap(({ sign, phrase }) => item(sign, inTerminal(phrase))),
      ...(more === 0 ? [] : [`  and ${String(more)} more; --json tells all`]),
    ]),
    "",
    `${String(total.before)} resources before, ${String(total.after)} after`,
    ...labels.map((label) => `label: ${label}`),
  ].join("\n");
}

function item(sign: Sign, text: string): string[] {
  const [first = "", ...rest] = lines(text, WIDTH - INDENT);
  return [`  ${COLOURS[sign](sign.padEnd(INDENT - 2))}${first}`, ...rest.map((line) => " ".repeat(INDENT) + line)];
}

/** What is longer than a line without a blank in it is broken there. */
function lines(text: string, width: number): string[] {
  return wrapped(text, width)
    .split("\n")
    .flatMap((line) => [...line.matchAll(new RegExp(`.{1,${String(width)}}`, "gu"))].map(([part]) => part));
}
