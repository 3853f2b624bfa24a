import { describe, expect, test } from "vitest";

import { rule } from "#policies/rules/gateway/senders.ts";
import { UNKNOWN } from "#tests/unit/policies/support.ts";
import { onConfiguration, onStranger, onUpload } from "./configured.ts";

const listed = { enabled: true, dmPolicy: "allowlist", allowFrom: ["123456789"], groupPolicy: "disabled" };
const telegram = (changes: Readonly<Record<string, unknown>>) =>
  onConfiguration(rule, { channels: { telegram: { ...listed, ...changes } } });

test.each([
  [{}],
  [{ allowFrom: [123_456_789, "tg:42", "telegram:43"] }],
  [{ dmPolicy: "disabled", allowFrom: undefined }],
  [{ dmPolicy: "Allowlist" }],
  [{ groupPolicy: "allowlist", groupAllowFrom: ["1"] }],
  [{ enabled: false, dmPolicy: "open", allowFrom: ["*"] }],
  [{ accounts: { old: { enabled: false, dmPolicy: "open" } } }],
  [{ dmPolicy: UNKNOWN }],
])("accepts %j", (changes) => {
  expect(telegram(changes)).toEqual([]);
});

test.each([
  [{ dmPolicy: "open" }, 'dmPolicy: "open"'],
  [{ dmPolicy: " OPEN " }, 'dmPolicy: " OPEN "'],
  [{ dmPolicy: "pairing" }, 'dmPolicy: "pairing"'],
  [{ dmPolicy: undefined }, "dmPolicy: not set"],
  [{ allowFrom: [] }, "allowFrom: []"],
  [{ allowFrom: undefined }, "allowFrom: not set"],
  [{ allowFrom: ["1", "*"] }, 'allowFrom.1: "*"'],
  [{ allowFrom: ["operator"] }, 'allowFrom.0: "operator"'],
  [{ allowFrom: ["@operator"] }, 'allowFrom.0: "@operator"'],
  [{ allowFrom: ["-100123"] }, 'allowFrom.0: "-100123"'],
  [{ allowFrom: ["0"] }, 'allowFrom.0: "0"'],
  [{ groupPolicy: "open" }, 'groupPolicy: "open"'],
  [{ groupAllowFrom: ["*"] }, 'groupAllowFrom.0: "*"'],
  [{ groups: { "-1001": { allowFrom: ["*"] } } }, 'groups.-1001.allowFrom.0: "*"'],
  [{ accounts: { second: { dmPolicy: "open" } } }, 'accounts.second.dmPolicy: "open"'],
])("finds %j", (changes, expected) => {
  expect(telegram(changes)).toEqual([`configuration.channels.telegram.${expected}`]);
});

describe("other channels", () => {
  test.each([
    [{ dmPolicy: "open" }, 1],
    [{ allowFrom: ["*"] }, 1],
    [{ allowFrom: ["U0123", "+15550100"], dmPolicy: "pairing" }, 0],
  ])("are judged for being open: %j", (discord, count) => {
    expect(onConfiguration(rule, { channels: { discord } })).toHaveLength(count);
  });
});

test("reads text, and what is uploaded", () => {
  const open = "{ channels: { telegram: { dmPolicy: 'open' } } } // JSON5";
  expect(onUpload(rule, open)).toHaveLength(1);
  expect(onUpload(rule, UNKNOWN)).toEqual([]);
  expect(onStranger(rule, open)).toEqual([]);
});

test("hostile shapes do not crash it", () => {
  for (const channels of [
    1,
    [],
    "x",
    { telegram: [] },
    { telegram: 1 },
    { __proto__: {} },
    { telegram: { allowFrom: "1" } },
  ])
    expect(() => onConfiguration(rule, { channels })).not.toThrow();
});
