import { LONGEST } from "../post/comment.ts";
import type { Report } from "../report.ts";
import { diagramOf } from "./diagram.ts";
import { inCode, inMarkdown, seen } from "./escape.ts";
import { sectionsOf } from "./sections.ts";

/** Lines of each section, until all of it is short enough. */
const MOST = [Infinity, 300, 150, 80, 40, 20, 10, 5] as const;

/** The hidden first line by which a comment is found again. */
export function markerOf(name: string): string {
  return `<!-- garrison-report:${name.replaceAll(/[^\w.-]/g, "_").slice(0, 80)} -->`;
}

/** The report as a comment of GitHub's, of at most {@link LONGEST} characters. */
export function inMarkdownWhole(report: Report): string {
  const texts = MOST.map((most) => () => written(report, most));
  for (const text of texts) {
    const own = text();
    if (own.length <= LONGEST) return own;
  }
  throw new Error("five lines a section are too long for a comment");
}

function written(report: Report, most: number): string {
  const picture = diagramOf(report.changes);
  return [
    markerOf(report.name),
    `**${report.verdict}**`,
    "",
    `${inCode(seen(report.name))}, ${inCode(seen(report.after))} against ${inCode(seen(report.before))}`,
    ...sectionsOf(report, most).flatMap(({ title, lines, more }) => [
      "",
      `### ${title}`,
      "",
      ...lines.map(({ sign, phrase }) => `- **${sign}** ${inMarkdown(phrase)}`),
      ...(more === 0 ? [] : [`- … and ${String(more)} more, in the JSON of the report`]),
    ]),
    ...(picture === undefined ? [] : ["", "### What changes of who reaches what", "", "```mermaid", picture, "```"]),
    "",
    countsLine(report),
    "",
  ].join("\n");
}

function countsLine({ counts, total }: Report): string {
  const all = `${String(total.before)} resources before, ${String(total.after)} after`;
  const [shown, left] = [counts.slice(0, 12), counts.length - 12];
  const types = shown.map(
    ({ type, before, after }) => `${inCode(seen(type, 80))} ${String(before)} to ${String(after)}`,
  );
  return `${[all, ...types].join("; ")}${left > 0 ? `; and ${String(left)} types more` : ""}.`;
}
