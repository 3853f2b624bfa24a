import { expect, test } from "vitest";

import { bridge, scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/bridge/signed.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { declares } = scene("t");
const found = (changes: Readonly<Record<string, unknown>>) =>
  findings(rule, [declares({ bridges: [bridge("t", changes)] })]);

test.each([
  [{}],
  [{ signature: "HMAC-SHA256" }],
  [{ signature: "hmac_sha512" }],
  [{ signature: "ed25519" }],
  [{ signature: "v1" }],
  [{ windowSeconds: 600 }],
  [{ replayStore: "true" }],
])("accepts %j", (changes) => {
  expect(found(changes)).toEqual([]);
});

test.each([
  [{ signature: undefined }],
  [{ signature: "none" }],
  [{ signature: "hmac-md5" }],
  [{ signature: "sha256" }],
  [{ windowSeconds: undefined }],
  [{ windowSeconds: 0 }],
  [{ windowSeconds: 601 }],
  [{ replayStore: undefined }],
  [{ replayStore: false }],
])("finds %j", (changes) => {
  expect(found(changes)).toHaveLength(1);
});
