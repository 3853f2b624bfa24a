import { openclaw, staged } from "#lib/agent-examples.ts";
import type { Flaw } from "#lib/gateway-rule.ts";
import { flaw, isNumericSender, onEachConfiguration } from "#lib/gateway-rule.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const telegram = { enabled: true, dmPolicy: "allowlist", allowFrom: ["123456789"], groupPolicy: "disabled" };

export const rule: Rule = {
  id: "gateway.senders",
  title: "A gateway takes messages from listed senders only, on Telegram by number.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI01", "OWASP ASI03"],
  why: "Whoever may write to the gateway gives orders to its agents.",
  fix: 'Set `dmPolicy` to "allowlist" with the numeric ids in `allowFrom`, and `groupPolicy` to "disabled".',
  waivable: "by-configuration",
  types: [type.container],
  checkStack: (stack) => onEachConfiguration(stack, senders),
  examples: {
    good: [
      configured("gateway-senders-g1", "A list of numbers", { telegram }),
      configured("gateway-senders-g2", "Direct messages switched off", {
        telegram: { ...telegram, dmPolicy: "disabled" },
      }),
      configured("gateway-senders-g3", "A channel that is off", { telegram: { enabled: false, dmPolicy: "open" } }),
      staged("gateway-senders-g4", "As text, with comments", ({ program, declares }) => [
        program("gateway", []),
        declares(
          {},
          {
            gateway: {
              configuration: `// By hand\n${JSON.stringify(openclaw({ channels: { telegram } })).slice(0, -1)},}`,
            },
          },
        ),
      ]),
    ],
    bad: [
      configured("gateway-senders-b1", "Open to everybody", { telegram: { ...telegram, dmPolicy: "open" } }),
      configured("gateway-senders-b2", "A star on the list", {
        telegram: { ...telegram, allowFrom: ["123456789", "*"] },
      }),
      configured("gateway-senders-b3", "A name, which can change hands", {
        telegram: { ...telegram, allowFrom: ["@operator"] },
      }),
      configured("gateway-senders-b4", "Pairing, with whoever asks", {
        telegram: { enabled: true, groupPolicy: "disabled" },
      }),
      configured("gateway-senders-b5", "Nobody on the list", { telegram: { ...telegram, allowFrom: [] } }),
      configured("gateway-senders-b6", "Groups open", { telegram: { ...telegram, groupPolicy: "open" } }),
      configured("gateway-senders-b7", "A second account, open", {
        telegram: { ...telegram, accounts: { second: { dmPolicy: "open" } } },
      }),
      configured("gateway-senders-b8", "Another channel, open", { discord: { enabled: true, dmPolicy: "open" } }),
    ],
  },
};

function senders(configuration: Properties): Flaw[] {
  const channels = configuration.object("channels");
  return channels
    .names()
    .filter((name) => channels.object(name).flag("enabled") !== false)
    .flatMap((name) => {
      const channel = channels.object(name);
      return [...(name === "telegram" ? directMessages(channel) : []), ...everywhere(channel, name === "telegram", 0)];
    });
}

function directMessages(channel: Properties): Flaw[] {
  const policy = wordOf(channel, "dmPolicy");
  if (policy === "disabled" || policy === "open") return [];
  if (policy !== "allowlist") return [flaw(channel, "dmPolicy", '"allowlist" or "disabled"')];
  return channel.texts("allowFrom").length > 0 ? [] : [flaw(channel, "allowFrom", "the operators' numbers")];
}

/** Deeper than channel, account, group and topic nothing is nested. */
const DEEPEST = 8;
const POLICIES = ["dmPolicy", "groupPolicy"];
const LISTS = ["allowFrom", "groupAllowFrom"];

/** The policies and lists of a channel, and of its accounts, groups and topics. */
function everywhere(inside: Properties, numeric: boolean, depth: number): Flaw[] {
  if (depth > DEEPEST || inside.flag("enabled") === false) return [];
  return [
    ...POLICIES.filter((name) => wordOf(inside, name) === "open").map((name) =>
      flaw(inside, name, '"allowlist" or "disabled"'),
    ),
    ...LISTS.flatMap((name) => inside.texts(name))
      .filter(({ value }) => (numeric ? !isNumericSender(value) : value.trim() === "*"))
      .map(({ path, value }) => ({
        property: path,
        found: show(value),
        expected: numeric ? "the number of one sender" : "named senders",
      })),
    ...inside.names().flatMap((name) => everywhere(inside.object(name), numeric, depth + 1)),
  ];
}

function wordOf(inside: Properties, name: string): string | undefined {
  return inside.text(name)?.trim().toLowerCase();
}

function configured(id: string, title: string, channels: Readonly<Record<string, unknown>>): Example {
  return staged(id, title, ({ program, declares }) => [
    program("gateway", []),
    declares({}, { gateway: { configuration: openclaw({ channels }) } }),
  ]);
}
