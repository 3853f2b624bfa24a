import { openclaw, staged } from "#lib/agent-examples.ts";
import type { Flaw } from "#lib/gateway-rule.ts";
import { flaw, onEachConfiguration } from "#lib/gateway-rule.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const token = { source: "env", provider: "default", id: "GATEWAY_TOKEN" };
const auth = { mode: "token", token };

export const rule: Rule = {
  id: "gateway.auth",
  title: "A gateway lets nobody in without a token, a password or a proxy that knows who it is.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI03", "OWASP ASI07"],
  why: "Whoever reaches a gateway without authentication is its operator.",
  fix: "Set `gateway.auth.mode`, leave the safety catches on, and give hooks a token that is not the gateway's.",
  waivable: "by-configuration",
  types: [type.container],
  checkStack: (stack) =>
    onEachConfiguration(stack, (configuration) => [
      ...authentication(configuration.object("gateway")),
      ...catches(configuration.object("gateway").object("controlUi")),
      ...hooks(configuration),
    ]),
  examples: {
    good: [
      configured("gateway-auth-g1", "A token", { gateway: { bind: "lan", auth } }),
      configured("gateway-auth-g2", "Loopback", { gateway: { bind: "loopback" } }),
    ],
    bad: [
      configured("gateway-auth-b1", "Nothing", { gateway: { bind: "loopback", auth: { mode: "none" } } }),
      configured("gateway-auth-b2", "Nothing said, for the whole network", { gateway: { bind: "lan" } }),
      configured("gateway-auth-b3", "Devices that nobody approved", {
        gateway: { auth, controlUi: { dangerouslyDisableDeviceAuth: true } },
      }),
      configured("gateway-auth-b4", "Hooks without a token", { gateway: { auth }, hooks: { enabled: true } }),
      configured("gateway-auth-b5", "Hooks with the gateway's token", {
        gateway: { auth },
        hooks: { enabled: true, token },
      }),
    ],
  },
};

const MODES = new Set(["token", "password", "trusted-proxy"]);

/** Without a word the gateway listens on loopback, and only there may the mode be left to it. */
function authentication(gateway: Properties): Flaw[] {
  const mode = gateway.object("auth").text("mode")?.trim().toLowerCase();
  const bind = gateway.text("bind")?.trim().toLowerCase() ?? "loopback";
  if (mode === undefined ? bind === "loopback" : MODES.has(mode)) return [];
  return [flaw(gateway.object("auth"), "mode", [...MODES].join(", "))];
}

const CATCHES = ["allowInsecureAuth", "dangerouslyDisableDeviceAuth", "dangerouslyAllowHostHeaderOriginFallback"];

function catches(controlUi: Properties): Flaw[] {
  return [
    ...CATCHES.filter((name) => controlUi.flag(name) === true).map((name) => flaw(controlUi, name, "false")),
    ...controlUi
      .texts("allowedOrigins")
      .filter(({ value }) => value.includes("*"))
      .map(({ path, value }) => ({ property: path, found: show(value), expected: "the origins of the page" })),
  ];
}

/** A hook's token travels with every message from outside, so it must open nothing else. */
function hooks(configuration: Properties): Flaw[] {
  const own = configuration.object("hooks");
  if (own.flag("enabled") !== true) return [];
  const given = own.get("token");
  if (given === undefined || given === "") return [flaw(own, "token", "a token")];
  if (identityOf(own) !== identityOf(configuration.object("gateway").object("auth"))) return [];
  return [{ property: own.path("token"), found: "the gateway's own token", expected: "a token for hooks alone" }];
}

/** A token by its value, or by where it comes from. */
function identityOf(holder: Properties): string {
  const parts = holder.object("token").entries();
  const source = parts.map(({ name, value }) => JSON.stringify([name, value])).sort();
  return source.length > 0 ? source.join() : (holder.text("token") ?? "");
}

function configured(id: string, title: string, sections: Readonly<Record<string, unknown>>): Example {
  return staged(id, title, ({ program, declares }) => [
    program("gateway", []),
    declares({}, { gateway: { configuration: openclaw(sections) } }),
  ]);
}
