import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findingsIn, findingsOn, judge, judgeStack } from "#policies/lib/judge.ts";
import { openResource, openStack } from "#policies/lib/resource.ts";
import type { ExampleResource, Rule } from "#policies/lib/rule.ts";
import { defaultSettings } from "#policies/lib/settings.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { checkout } from "#helpers/files/directories.ts";
import { officeGraph } from "#tests/support/office-graph.ts";
import { isWhole, swept } from "#tests/support/sweep.ts";
import { asGiven } from "../support.ts";
import { harmless } from "./harmless.ts";
import { mutantsOf } from "./mutants.ts";
import type { Mutant } from "./mutants.ts";
import { weakenings } from "./weakenings.ts";

// A day on which no waiver has expired: the clock is not what is tested.
const context = { rules, config: {}, settings: { ...defaultSettings, asOf: "2026-11-25" } };

const golden = join(checkout, "tests/golden/policy-mutants.txt");

type Given = ReturnType<typeof asGiven>;

let graph: readonly ExampleResource[];
let clean: Given;

beforeAll(async () => {
  graph = await officeGraph();
  clean = asGiven(graph);
});

/** The clean graph with the mutant's one resource in its place; handing over all anew for each would take most of the time. */
function givenOf({ graph: mutated, index }: Mutant): Given {
  const before = clean[index];
  const [changed] = asGiven([mutated[index] ?? raise(index)]);
  const after = { ...before, ...(changed ?? raise(index)) };
  return clean.map((one, place) => {
    if (place === index) return after;
    return "parent" in one && one.parent.urn === after.urn ? { ...one, parent: after } : one;
  });
}

function raise(index: number): never {
  throw new Error(`no resource ${String(index)}`);
}

/** The rules that find something on a graph of which one resource was changed, before or after its waivers. */
function findersOf(mutant: Mutant, waivers: "counted" | "ignored"): Rule[] {
  const given = givenOf(mutant);
  const one = given[mutant.index] ?? raise(mutant.index);
  const [resource, stack] = [openResource(one), openStack(given)];
  return rules.filter((rule) =>
    waivers === "counted"
      ? judge(rule, resource, context).length > 0 || judgeStack(rule, stack, context).length > 0
      : findingsOn(rule, resource, context).length > 0 ||
        findingsIn(rule, stack, context).some(({ urn }) => urn === one.urn),
  );
}

const describeMutant = ({ name, property, value }: Mutant) => `${name}: ${property} = ${JSON.stringify(value)}`;

describe("a weaker office machine", () => {
  test("is refused, whichever property of whichever resource is weaker", async () => {
    const caught = new Map<string, number>();
    const waived = new Set<string>();
    const escaped: string[] = [];
    for (const mutant of swept(mutantsOf(graph, weakenings))) {
      const finders = findersOf(mutant, "counted").filter(({ level }) => level === "mandatory");
      for (const { id } of finders) {
        const key = `${mutant.type} ${mutant.property}: ${id}`;
        caught.set(key, (caught.get(key) ?? 0) + 1);
      }
      if (finders.length > 0) continue;
      const covering = findersOf(mutant, "ignored").filter(({ level }) => level === "mandatory");
      if (covering.length === 0) escaped.push(describeMutant(mutant));
      for (const { id } of covering) waived.add(`${mutant.name}: ${id}`);
    }
    expect(escaped).toEqual([]);
    const lines = [
      "# mutants that a rule finds, by the property that is weaker",
      ...[...caught].map(([key, count]) => `${key} (${String(count)})`).sort(),
      "# waivers that already allow what a mutant does",
      ...[...waived].sort(),
    ];
    if (isWhole) await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(golden);
    const known = (await readFile(golden, "utf8")).split("\n").map((line) => line.replace(/ \(\d+\)$/, ""));
    for (const line of lines) expect(known).toContain(line.replace(/ \(\d+\)$/, ""));
  }, 600_000);

  test("hundreds of mutants are made, of every kind of resource that matters", () => {
    const mutants = mutantsOf(graph, weakenings);
    expect(mutants.length).toBeGreaterThan(1000);
    const untouched = weakenings.filter(
      ({ type, property }) => !mutants.some((mutant) => mutant.type === type && mutant.property === property),
    );
    expect(untouched).toEqual([]);
  });
});

describe("a harmless change", () => {
  test("a hundred of them are there, each of which changes something", () => {
    expect(harmless.length).toBeGreaterThanOrEqual(100);
    expect(new Set(harmless.map(({ title }) => title)).size).toBe(harmless.length);
  });

  test.each(harmless)("$title: nothing is found", ({ change }) => {
    const changed = change(structuredClone(graph) as ExampleResource[]);
    expect(changed).not.toEqual(graph);
    const given = asGiven(changed);
    const stack = openStack(given);
    const found = rules.flatMap((rule) => [
      ...given.flatMap((one) => judge(rule, openResource(one), context)),
      ...judgeStack(rule, stack, context),
    ]);
    expect(
      found.map(({ finding, resource }) => `${resource?.name ?? ""}: ${finding.property}: ${finding.found}`),
    ).toEqual([]);
  });
});
