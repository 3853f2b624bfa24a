import { readFileSync } from "node:fs";
import { directions } from "./declared.ts";
import type { Directions, Exception } from "./declared.ts";

const [begin, end] = ["<!-- directions -->", "<!-- end of directions -->"];

/** The page with the declared directions between its marks, which `npm test -- lint` compares with the code. */
export function architecturePage(file: string): string {
  const [before, rest] = readFileSync(file, "utf8").split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${file} needs ${begin} … ${end}`);
  return `${before}${begin}\n\n${directionsText(directions)}\n\n${end}${after}`;
}

function directionsText({ parts, exceptions, circles }: Directions): string {
  const names = Object.keys(parts);
  const arrows = names.flatMap((name) => (parts[name]?.needs ?? []).map((other) => `  ${id(name)} --> ${id(other)}`));
  const ordered = names.flatMap((name) => {
    const order = parts[name]?.order;
    return order === undefined ? [] : [`Inside \`${name}/\`, the highest first: ${code(["index.ts", ...order])}.`];
  });
  return [
    "```mermaid\nflowchart TD",
    ...names.map((name) => `  ${id(name)}["${name}"]`),
    ...arrows,
    "```\n",
    "| folder | what it is | may import from |",
    "| --- | --- | --- |",
    ...names.map((name) => `| \`${name}/\` | ${parts[name]?.is ?? ""} | ${needsOf(name, { parts })} |`),
    "",
    ...ordered,
    "",
    `Not so yet, ${String(exceptions.length)} imports and ${String(circles.length)} circles; a line may only go:`,
    "",
    ...grouped(exceptions),
    ...circles.map(({ files, why }) => `- a circle of ${code(files)}: ${why}`),
  ].join("\n");
}

function needsOf(name: string, { parts }: Pick<Directions, "parts">): string {
  const needs = (parts[name]?.needs ?? []).map((other) => parts[other]?.entry ?? `${other}/`);
  return needs.length === 0 ? "nothing" : code(needs);
}

/** Exceptions with one reason are told together. */
function grouped(exceptions: readonly Exception[]): string[] {
  return [...Map.groupBy(exceptions, ({ why }) => why)].map(([why, ones]) => {
    const [from, to] = [ones.map((one) => one.from), ones.map((one) => one.to)].map((list) => [...new Set(list)]);
    return `- ${code(from ?? [])} from ${code(to ?? [])}: ${why}`;
  });
}

function id(name: string): string {
  return name.replace("/", "_");
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
