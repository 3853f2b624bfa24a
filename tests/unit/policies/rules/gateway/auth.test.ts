import { expect, test } from "vitest";

import { rule } from "#policies/rules/gateway/auth.ts";
import { onConfiguration, onUpload } from "./configured.ts";

const token = { source: "file", provider: "delivered", id: "/gateway-token" };
const auth = { mode: "token", token };

test.each([
  [{}],
  [{ gateway: {} }],
  [{ gateway: { bind: "loopback" } }],
  [{ gateway: { bind: "lan", auth } }],
  [{ gateway: { bind: "custom", auth: { mode: "Password" } } }],
  [{ gateway: { bind: "tailnet", auth: { mode: "trusted-proxy" } } }],
  [{ gateway: { auth, controlUi: { allowedOrigins: ["https://gateway.example"], allowInsecureAuth: false } } }],
  [{ gateway: { auth }, hooks: { enabled: true, token: { ...token, id: "/hooks-token" } } }],
  [{ gateway: { auth }, hooks: { enabled: false } }],
])("accepts %j", (sections) => {
  expect(onConfiguration(rule, sections)).toEqual([]);
});

test.each([
  [{ gateway: { auth: { mode: "none" } } }, 'gateway.auth.mode: "none"'],
  [{ gateway: { bind: "loopback", auth: { mode: " NONE" } } }, 'gateway.auth.mode: " NONE"'],
  [{ gateway: { bind: "lan" } }, "gateway.auth.mode: not set"],
  [{ gateway: { bind: "auto", auth: { token } } }, "gateway.auth.mode: not set"],
  [{ gateway: { auth, controlUi: { allowInsecureAuth: true } } }, "gateway.controlUi.allowInsecureAuth: true"],
  [
    { gateway: { auth, controlUi: { dangerouslyDisableDeviceAuth: "true" } } },
    'gateway.controlUi.dangerouslyDisableDeviceAuth: "true"',
  ],
  [
    { gateway: { auth, controlUi: { dangerouslyAllowHostHeaderOriginFallback: true } } },
    "gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback: true",
  ],
  [{ gateway: { auth, controlUi: { allowedOrigins: ["*"] } } }, 'gateway.controlUi.allowedOrigins.0: "*"'],
  [{ gateway: { auth }, hooks: { enabled: true } }, "hooks.token: not set"],
  [{ gateway: { auth }, hooks: { enabled: true, token: "" } }, 'hooks.token: ""'],
  [{ gateway: { auth }, hooks: { enabled: true, token: { ...token } } }, "hooks.token: the gateway's own token"],
])("finds %j", (sections, expected) => {
  expect(onConfiguration(rule, sections)).toEqual([`configuration.${expected}`]);
});

test("never shows a token", () => {
  const secret = "f00dcafe";
  const text = JSON.stringify({
    gateway: { auth: { mode: "token", token: secret } },
    hooks: { enabled: true, token: secret },
  });
  expect(onUpload(rule, text)).toEqual(["configuration.hooks.token: the gateway's own token"]);
});
