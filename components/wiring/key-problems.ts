import type { Problem } from "../lib/problems.ts";
import type { ServiceRelation } from "./relations.ts";

/** A name, or how names begin: one word of a line that says who may do what, where another word would be a right. */
const PATTERN = /^[\w.:{}/-]+\*?$/;

/**
 * Which keys of a Redis are whose: no two of its clients have one in common. FalkorDB counts as none: each of its clients
 * may use every graph.
 */
export function keyProblems(relations: readonly ServiceRelation[]): Problem[] {
  const keyed = relations.filter(({ use }) => use.keys !== undefined);
  const told = (relation: ServiceRelation, found: string, expected: string): Problem => ({
    property: `services.${relation.from}.${relation.wire}.keys`,
    found,
    expected,
  });
  return keyed.flatMap((relation, index) => {
    const { to, use } = relation;
    const keys = use.keys ?? "";
    if (use.to.speaks !== "redis") return [told(relation, `keys of ${to}, which is no Redis`, "none")];
    if (!PATTERN.test(keys)) return [told(relation, JSON.stringify(keys), 'a beginning of names such as "search:*"')];
    return keyed
      .slice(0, index)
      .filter((other) => other.to === to && overlap(keys, other.use.keys ?? ""))
      .map((other) => told(relation, `${keys}, of which ${other.from} has ${other.use.keys ?? ""}`, "keys of its own"));
  });
}

function overlap(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

function covers(wide: string, narrow: string): boolean {
  return wide.endsWith("*") ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;
}
