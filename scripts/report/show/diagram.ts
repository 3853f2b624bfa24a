import { sectionOf } from "../change.ts";
import type { Change } from "../change.ts";
import { inPicture } from "./escape.ts";

/** As many as a picture in a comment can be read with. */
const MOST = 30;

/**
 * The changed edges of reach as a Mermaid flowchart: thick arrows are new, dotted ones are lost. Undefined where there is
 * none.
 */
export function diagramOf(changes: readonly Change[]): string | undefined {
  const edges = changes.flatMap((change) => {
    const { from, to, sign } = change;
    return to === undefined || sectionOf(change) !== "reach"
      ? []
      : [{ from, to, lost: sign === "lost", kind: change.kind }];
  });
  const nodes = new Map<string, string>();
  const drawn: string[] = [];
  let left = 0;
  const seen = new Set<string>();
  for (const { from, to, lost, kind } of edges) {
    // A key and a service of one name are two things.
    const ends = [from, kind === "credential" ? `key ${to}` : to];
    const key = JSON.stringify([...ends, lost]);
    if (seen.has(key)) continue;
    seen.add(key);
    if (nodes.size + ends.filter((end) => !nodes.has(end)).length > MOST) {
      left += 1;
      continue;
    }
    const [a = "", b = ""] = ends.map((end) => {
      const known = nodes.get(end) ?? `n${String(nodes.size)}`;
      nodes.set(end, known);
      return known;
    });
    drawn.push(`  ${a} ${lost ? "-. lost .->" : "==>"} ${b}`);
  }
  if (drawn.length === 0) return undefined;
  return [
    "flowchart LR",
    ...[...nodes].map(([name, id]) => `  ${id}["${inPicture(name)}"]`),
    ...drawn,
    ...(left === 0 ? [] : [`  %% ${String(left)} more are not drawn`]),
  ].join("\n");
}
