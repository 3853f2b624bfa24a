import { createRequire } from "node:module";
import { expect, test } from "vitest";

import { readPropertiesOnce, secretsOf } from "#policies/lib/sdk.ts";

const sdk = createRequire(import.meta.url)("@pulumi/policy/deserialize") as {
  deserializeProperties: (properties: object, proxySecrets: boolean) => Record<string, unknown>;
};
const rpc = createRequire(import.meta.url)("@pulumi/pulumi/runtime/rpc") as Record<string, string>;

/** A secret as the engine sends it. */
const secret = (value: unknown) => ({ [String(rpc.specialSigKey)]: rpc.specialSecretSig, value });

function message(values: object) {
  const asked = { times: 0 };
  return { asked, toJavaScript: () => ((asked.times += 1), values) };
}

test("the SDK reads the same message anew for every policy, and forgets what is secret", () => {
  const given = message({ password: secret("x") });
  const [first, second] = [sdk.deserializeProperties(given, false), sdk.deserializeProperties(given, false)];
  expect(first).not.toBe(second);
  expect(given.asked.times).toBe(2);
  expect([...secretsOf(first)]).toEqual([]);
});

test("after readPropertiesOnce it is read once, and the paths of its secrets are kept", () => {
  readPropertiesOnce(sdk);
  const given = message({ password: secret("x"), envs: ["A=1", secret("B=2")], deep: { token: secret({ a: 1 }) } });
  const first = sdk.deserializeProperties(given, false);
  expect(first).toEqual({ password: "x", envs: ["A=1", "B=2"], deep: { token: { a: 1 } } });
  expect(sdk.deserializeProperties(given, false)).toBe(first);
  expect(given.asked.times).toBe(1);
  expect([...secretsOf(first)]).toEqual(["password", "envs.1", "deep.token"]);
  expect(sdk.deserializeProperties(message({ password: "plain" }), false)).toEqual({ password: "plain" });
});

test("a release that reads otherwise is refused by name", () => {
  expect(() => {
    readPropertiesOnce({});
  }).toThrow("use 1.21.0");
});
