import { expect, test } from "vitest";

import { rule } from "#policies/rules/gateway/elevated.ts";
import { UNKNOWN } from "#tests/unit/policies/support.ts";
import { onConfiguration } from "./configured.ts";

const elevated = (own: unknown) => onConfiguration(rule, { tools: { elevated: own } });

test.each([
  [{ enabled: false, allowFrom: { telegram: ["*"] } }],
  [{ enabled: true, allowFrom: { telegram: [123] } }],
  [{ enabled: true, allowFrom: { telegram: ["123"], discord: ["name"] } }],
  [{}],
  [undefined],
  [{ enabled: UNKNOWN }],
])("accepts %j", (own) => {
  expect(elevated(own)).toEqual([]);
});

test.each([
  [{ enabled: true }, "allowFrom: not set"],
  [{ enabled: "true", allowFrom: {} }, "allowFrom: {}"],
  [{ enabled: true, allowFrom: { telegram: [] } }, 'allowFrom: {"telegram":[]}'],
  [{ enabled: true, allowFrom: { telegram: ["*"] } }, 'allowFrom.telegram.0: "*"'],
  [{ allowFrom: { discord: ["*"] } }, 'allowFrom.discord.0: "*"'],
  [{ enabled: true, allowFrom: { telegram: ["@op"] } }, 'allowFrom.telegram.0: "@op"'],
])("finds %j", (own, expected) => {
  expect(elevated(own)).toEqual([`configuration.tools.elevated.${expected}`]);
});

test.each([
  ["a list", { list: [{ id: "main", tools: { elevated: { allowFrom: { telegram: ["*"] } } } }] }],
  ["a map", { entries: { main: { tools: { elevated: { allowFrom: { telegram: ["*"] } } } } } }],
])("looks at single agents in %s", (_, agents) => {
  expect(onConfiguration(rule, { agents })).toHaveLength(1);
});
