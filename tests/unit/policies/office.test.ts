import { beforeAll, expect, test } from "vitest";

import type { ExampleResource } from "../../../policies/lib/rule.ts";
import { rules } from "../../../policies/rules/catalogue.ts";
import { officeGraph } from "../../support/office-graph.ts";
import { withDefaults } from "./provider-defaults.ts";
import { run } from "./support.ts";

let graph: ExampleResource[];

beforeAll(async () => {
  graph = await officeGraph();
});

const shapes = [
  { shape: "as the program says it", shown: (one: ExampleResource) => one },
  { shape: "with the provider's defaults", shown: withDefaults },
];

test.each(shapes.flatMap((one) => rules.map((rule) => ({ ...one, id: rule.id, rule }))))(
  "$id finds nothing on the office machine $shape",
  ({ rule, shown }) => {
    // A day on which no waiver has expired: the clock is not what is tested.
    const { verdicts, unknown } = run(rule, graph.map(shown), { settings: { asOf: "2026-11-25" } });
    expect(
      verdicts.map(({ finding, resource }) => `${resource?.name ?? ""}: ${finding.property}: ${finding.found}`),
    ).toEqual([]);
    expect(unknown).toEqual([]);
  },
);

test("the office machine is all there", () => {
  expect(graph.filter(({ type }) => type === "docker:index/container:Container")).toHaveLength(20);
});
