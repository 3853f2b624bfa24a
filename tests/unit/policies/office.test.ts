import { beforeAll, expect, test } from "vitest";

import type { ExampleResource } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { office } from "#stacks/office.ts";
import { deployedImages } from "#tests/support/deployed-images.ts";
import { officeGraph } from "#tests/support/office-graph.ts";
import { withDefaults } from "./provider-defaults.ts";
import { run } from "./support.ts";

let graph: ExampleResource[];
/** As it can be deployed today: our own images by the ids of their daemon, what has no program switched off. */
let today: ExampleResource[];

beforeAll(async () => {
  graph = await officeGraph();
  today = await officeGraph(await deployedImages());
}, 60_000);

const shapes = [
  { shape: "as the program says it", shown: (one: ExampleResource) => one },
  { shape: "with the provider's defaults", shown: withDefaults },
];
const machines = [
  { which: "the office machine", of: () => graph },
  { which: "what can be deployed of it today", of: () => today },
];
const cases = shapes.flatMap((shape) => machines.map((machine) => ({ ...shape, ...machine })));

test.each(cases.flatMap((one) => rules.map((rule) => ({ ...one, id: rule.id, rule }))))(
  "$id finds nothing on $which $shape",
  ({ rule, shown, of }) => {
    // A day on which no waiver has expired: the clock is not what is tested.
    const { verdicts, unknown } = run(rule, of().map(shown), { settings: { asOf: "2026-11-25" } });
    expect(
      verdicts.map(({ finding, resource }) => `${resource?.name ?? ""}: ${finding.property}: ${finding.found}`),
    ).toEqual([]);
    expect(unknown).toEqual([]);
  },
);

test("the office machine is all there", () => {
  expect(containersOf(graph)).toHaveLength(office.services.length);
});

test("today's has no stand-in and none that has no program, and names our own images by id", () => {
  const names = containersOf(today).map(({ name }) => name);
  expect(names).toContain("egress-proxy-container");
  expect(names).not.toContain("request-broker-container");
  const proxy = containersOf(today).find(({ name }) => name === "egress-proxy-container");
  expect(proxy?.properties.image).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(JSON.stringify(today)).not.toContain("garrison.stand-in");
});

function containersOf(resources: readonly ExampleResource[]): ExampleResource[] {
  return resources.filter(({ type }) => type === "docker:index/container:Container");
}
