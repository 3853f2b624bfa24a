import { expect, test } from "vitest";

import { rule } from "#policies/rules/cloudflare/plain-http.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { config: { ingresses: [{ service: "http://web:80" }] } };
const { on, properties } = onResource(
  rule,
  "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
  base,
);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ config: { ingresses: [{ service: "http://web.example.org" }] } }, "config.ingresses.0.service"],
  [{ config: { ingresses: [{ service: "HTTP://203.0.113.9:80/x" }] } }, "config.ingresses.0.service"],
  [{ config: { ingresses: [{ service: "ws://10.0.0.4" }] } }, "config.ingresses.0.service"],
  [{ config: { ingresses: [{ service: "http://user:pw@web.example.org" }] } }, "config.ingresses.0.service"],
  [{ config: { ingresses: [{ service: "http://[2001:db8::1]:80" }] } }, "config.ingresses.0.service"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([
  { config: { ingresses: [{ service: "http://localhost" }] } },
  { config: { ingresses: [{ service: "http://127.0.0.1:1" }] } },
  { config: { ingresses: [{ service: "http://[::1]:80" }] } },
  { config: { ingresses: [{ service: "unix:/x.sock" }] } },
  { config: { ingresses: [{ service: "https://web.example.org" }] } },
  { config: { ingresses: [{ service: "http://172.18.0.5" }] } },
  { config: { ingresses: [{ service: "http_status:404" }] } },
  { config: { ingresses: [{ service: "ssh://web.example.org:22" }] } },
])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([{ config: { ingresses: [{ service: UNKNOWN }] } }])(
  "nothing is concluded from what is not known in %j",
  (changes) => {
    const { verdicts, unknown } = on(changes);
    expect(verdicts).toEqual([]);
    expect(unknown).not.toEqual([]);
  },
);
