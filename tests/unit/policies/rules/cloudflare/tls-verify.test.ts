import { expect, test } from "vitest";

import { rule } from "#policies/rules/cloudflare/tls-verify.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { config: { ingresses: [{ hostname: "a.b", service: "https://web" }] } };
const { on, properties } = onResource(
  rule,
  "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
  base,
);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [
    { config: { ingresses: [{ service: "HTTPS://web", originRequest: { noTlsVerify: "true" } }] } },
    "config.ingresses.0.originRequest.noTlsVerify",
  ],
  [
    { config: { ingresses: [{ service: "https://web" }], originRequest: { noTlsVerify: true } } },
    "config.originRequest.noTlsVerify",
  ],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([
  { config: { ingresses: [{ service: "http://web", originRequest: { noTlsVerify: true } }] } },
  {
    config: {
      ingresses: [{ service: "https://web", originRequest: { noTlsVerify: false } }],
      originRequest: { noTlsVerify: true },
    },
  },
])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([{ config: { ingresses: [{ service: "https://web", originRequest: { noTlsVerify: UNKNOWN } }] } }])(
  "nothing is concluded from what is not known in %j",
  (changes) => {
    const { verdicts, unknown } = on(changes);
    expect(verdicts).toEqual([]);
    expect(unknown).not.toEqual([]);
  },
);
