import type { Problem } from "#components/lib/problems.ts";
import type { Directions, Exception } from "./declared.ts";
import type { Import } from "./read-imports.ts";

const next = "see docs/explanation/architecture.md; move what both need below both, then npm test -- lint";

/** Every import against the directions, every circle, and every exception that has nothing to excuse any more. */
export function judge(imports: readonly Import[], directions: Directions): Problem[] {
  const wrong = imports.flatMap((one) => wrongImport(one, directions));
  const excused = new Set(directions.exceptions.map(keyOf));
  const found = new Set(wrong.map(keyOf));
  const circles = circlesOf(imports);
  return [
    ...wrong
      .filter((one) => !excused.has(keyOf(one)))
      .map(({ from, to, expected }) => ({ property: from, found: `imports ${to}`, expected, fix: next })),
    ...circles
      .filter((files) => !directions.circles.some((known) => files.every((file) => known.files.includes(file))))
      .map((files) => ({
        property: files[0] ?? "",
        found: `a circle: ${[...files, files[0]].join(" -> ")}`,
        expected: "files that do not need each other",
        fix: next,
      })),
    ...directions.exceptions.filter((one) => !found.has(keyOf(one))).map((one) => idle(`${one.from} -> ${one.to}`)),
    ...directions.circles
      .flatMap(({ files }) => files.filter((file) => !circles.some((circle) => circle.includes(file))))
      .map((file) => idle(`${file} in a circle`)),
  ];
}

interface Wrong {
  readonly from: string;
  readonly to: string;
  readonly expected: string;
}

function wrongImport({ from, to }: Import, { parts }: Directions): Wrong[] {
  const [name, other] = [partOf(from, parts), partOf(to, parts)];
  if (name === undefined || other === undefined) {
    // Settings of the tools lie beside the parts, in no folder.
    const stray = [from, to].find((file) => file.includes("/") && partOf(file, parts) === undefined);
    return stray === undefined ? [] : [{ from, to, expected: `${stray} in a part of scripts/directions/declared.ts` }];
  }
  const { needs = [], order } = parts[name] ?? {};
  if (name === other) return order === undefined ? [] : wrongWithin(name, order, from, to);
  if (!needs.includes(other)) {
    return [{ from, to, expected: `${name} imports from ${needs.length === 0 ? "no other part" : needs.join(", ")}` }];
  }
  const entry = parts[other]?.entry;
  return entry === undefined || entry === to ? [] : [{ from, to, expected: `of ${other} nothing but ${entry}` }];
}

function wrongWithin(name: string, order: readonly string[], from: string, to: string): Wrong[] {
  const [high, low] = [from, to].map((file) => folderOf(file, name));
  if (high === low) return [];
  // The part's own files are above all of its folders.
  const [above, below] = [high, low].map((folder) => (folder === "" ? -1 : order.indexOf(folder ?? "")));
  const unknown = [high, low].find((folder) => folder !== "" && !order.includes(folder ?? ""));
  if (unknown !== undefined) return [{ from, to, expected: `a place for ${unknown} in the order of ${name}` }];
  if ((above ?? 0) < (below ?? 0)) return [];
  return [{ from, to, expected: `${low ?? ""} does not stand below ${high ?? ""} in ${name}` }];
}

/** The longest part that the path begins with. */
function partOf(file: string, parts: Directions["parts"]): string | undefined {
  return Object.keys(parts)
    .filter((name) => file.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function folderOf(file: string, part: string): string {
  const [first = "", ...rest] = file.slice(part.length + 1).split("/");
  return rest.length === 0 ? "" : first;
}

/** Each circle once: the files of one are told from wherever the reading began. */
function circlesOf(imports: readonly Import[]): string[][] {
  const circles = imports.flatMap(({ circle }) => (circle === undefined ? [] : [[...circle]]));
  return [...new Map(circles.map((files) => [files.toSorted().join(), files])).values()];
}

function idle(property: string): Problem {
  return {
    property,
    found: "an exception for what is not there any more",
    expected: "no line for it in scripts/directions/declared.ts",
    fix: "remove it",
  };
}

function keyOf({ from, to }: Pick<Exception, "from" | "to">): string {
  return `${from} -> ${to}`;
}
