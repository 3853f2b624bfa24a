import { expect, test } from "vitest";

import { rule } from "#policies/rules/cloudflare/everyone.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { decision: "allow", includes: [{ email: { email: "a@example.com" } }] };
const { on, properties } = onResource(rule, "cloudflare:index/accessPolicy:AccessPolicy", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ includes: [{ everyone: {} }] }, "includes.0.everyone"],
  [{ includes: [{}, { everyone: true }] }, "includes.1.everyone"],
  [{ includes: [{ anyValidServiceToken: {} }] }, "includes.0.anyValidServiceToken"],
  [{ includes: [{ emailDomain: { domain: "@GMAIL.com" } }] }, "includes.0.emailDomain.domain"],
  [{ includes: [{ ip: { ip: "::/0" } }] }, "includes.0.ip.ip"],
  [{ decision: "Bypass" }, "decision"],
  [{ includes: [{ everyone: {} }], requires: [{ everyone: {} }] }, "includes.0.everyone"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([
  { decision: "deny", includes: [{ everyone: {} }] },
  { includes: [{ everyone: {} }], requires: [{ group: { id: "x" } }] },
  { includes: [{ everyone: false }] },
  { decision: "bypass", includes: [{ ipList: { id: "x" } }] },
])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([
  { includes: [{ everyone: {} }], decision: UNKNOWN },
  { includes: [{ everyone: {} }], requires: UNKNOWN },
  { includes: UNKNOWN },
])("nothing is concluded from what is not known in %j", (changes) => {
  const { verdicts, unknown } = on(changes);
  expect(verdicts).toEqual([]);
  expect(unknown).not.toEqual([]);
});
