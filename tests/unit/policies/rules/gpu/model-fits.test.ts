import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/gpu/model-fits.ts";
import { findings, UNKNOWN } from "#tests/unit/policies/support.ts";

const { declares } = scene("t");
const fits = { name: "m", bytes: 60, kvBytes: 12, vramBytes: 80, utilisation: 0.9 };
const found = (changes: Readonly<Record<string, unknown>>) =>
  findings(rule, [declares({ models: [{ ...fits, ...changes }] })]);

test.each([[{}], [{ bytes: 1, kvBytes: 0 }], [{ utilisation: 1, bytes: 68 }], [{ bytes: UNKNOWN }]])(
  "accepts %j",
  (changes) => {
    expect(found(changes)).toEqual([]);
  },
);

test.each([[{ bytes: 61 }], [{ kvBytes: 13 }], [{ vramBytes: 79 }], [{ utilisation: 0.89 }]])("finds %j", (changes) => {
  expect(found(changes)).toHaveLength(1);
});

test("says how much there is, and how much would do", () => {
  const gib = 2 ** 30;
  expect(found({ bytes: 213 * gib, kvBytes: 4 * gib, vramBytes: 80 * gib })).toEqual([
    'garrisonDeclarations.models.0.bytes: "m" with 213.0 GiB and 4.0 GiB of cache',
  ]);
});
