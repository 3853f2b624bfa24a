import { expect, test } from "vitest";

import { rule } from "#policies/rules/cloudflare/zone-tls.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { settingId: "ssl", value: "full" };
const { on, properties } = onResource(rule, "cloudflare:index/zoneSetting:ZoneSetting", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ value: "Flexible" }, "value"],
  [{ value: "off" }, "value"],
  [{ settingId: "min_tls_version", value: "1.1" }, "value"],
  [{ settingId: "min_tls_version", value: 1 }, "value"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([{ settingId: "min_tls_version", value: "1.3" }])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([{ value: UNKNOWN }])("nothing is concluded from what is not known in %j", (changes) => {
  const { verdicts, unknown } = on(changes);
  expect(verdicts).toEqual([]);
  expect(unknown).not.toEqual([]);
});
