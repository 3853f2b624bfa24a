import type { Problem } from "../lib/problems.ts";
import type { ServiceRelation } from "./relations.ts";

/**
 * Clients that wait for their servers in a circle: each of them would be first. Who logs in with a secret waits, so that the
 * server knows a new one when its client comes with it; `start: "any"` does not.
 */
export function circleProblems(relations: readonly ServiceRelation[]): Problem[] {
  const waits = relations.filter(({ use }) => use.to.blueprint.serves?.login !== undefined && use.start !== "any");
  const servers = Map.groupBy(waits, ({ from }) => from);
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): void => {
    const start = path.indexOf(name);
    if (start !== -1) circles.push([...path.slice(start), name]);
    if (start !== -1 || done.has(name)) return;
    for (const { to } of servers.get(name) ?? []) walk(to, [...path, name]);
    done.add(name);
  };
  for (const name of servers.keys()) walk(name, []);
  return circles.map((circle) => ({
    property: "services",
    found: `a circle of who waits for whom: ${circle.join(" -> ")}`,
    expected: 'one of them with `start: "any"`, which does not wait',
  }));
}
