import { expect, test } from "vitest";

import { rule } from "#policies/rules/cloudflare/catch-all.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { config: { ingresses: [{ hostname: "a.b", service: "http://web" }, { service: "http_status:404" }] } };
const { on, properties } = onResource(
  rule,
  "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
  base,
);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ config: { ingresses: [{ service: "http://web" }] } }, "config.ingresses.0.service"],
  [
    { config: { ingresses: [{ hostname: "", service: "http://web" }, { service: "http_status:404" }] } },
    "config.ingresses.0.service",
  ],
  [{ config: { ingresses: [{ hostname: "a.b", service: "http://web" }] } }, "config.ingresses.0.hostname"],
  [{ config: { ingresses: [{ service: "http_status:200" }] } }, "config.ingresses.0.service"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([
  { config: { ingresses: [{ service: "http_status:404" }] } },
  { config: { ingresses: [{ service: "http_status:503" }] } },
  { config: { ingresses: [{ path: "/x", service: "http://web" }, { service: "http_status:404" }] } },
])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([
  { config: { ingresses: [{ service: UNKNOWN }] } },
  { config: { ingresses: [{ hostname: UNKNOWN, service: "http://web" }] } },
  { config: UNKNOWN },
])("nothing is concluded from what is not known in %j", (changes) => {
  const { verdicts, unknown } = on(changes);
  expect(verdicts).toEqual([]);
  expect(unknown).not.toEqual([]);
});
