import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/waiver/unknown.ts";
import { findings, onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const waivers = (ids: string) => ({ labels: labels({ "garrison.waivers": ids }) });

test("known ids, spaces and nothing at all", () => {
  expect(onContainer(rule, waivers("container.user, container.digest"))).toEqual([]);
  expect(onContainer(rule, waivers(""))).toEqual([]);
  expect(onContainer(rule, {})).toEqual([]);
});

test("every unknown id is named once, with the ones there are", () => {
  expect(onContainer(rule, waivers("container.user,nope,nope,container.users"))).toEqual([
    'labels: a waiver of "nope"',
    'labels: a waiver of "container.users"',
  ]);
  expect(run(rule, [container(waivers("nope"))]).verdicts[0]?.finding.expected).toContain("container.limits");
});

test.each(["waiver.unused", "waiver.recorded", "lab.stand-in", "container.process-limit-advice"])(
  "%s cannot be waived",
  (id) => {
    expect(onContainer(rule, waivers(id))).toHaveLength(1);
  },
);

test("a rule about containers cannot be waived on a volume", () => {
  const volume = {
    ...container(waivers("container.user,container.sensitive-mounts")),
    type: "docker:index/volume:Volume",
  };
  expect(findings(rule, [volume])).toEqual(['labels: a waiver of "container.user"']);
});

test("unknown labels are named", () => {
  expect(run(rule, [container({ labels: [{ label: "garrison.waivers", value: UNKNOWN }] })])).toEqual({
    verdicts: [],
    unknown: ["labels.0.value"],
  });
});
