import { openclaw, staged } from "#lib/agent-examples.ts";
import type { Flaw } from "#lib/gateway-rule.ts";
import { agentSettings, flaw, isNumericSender, onEachConfiguration } from "#lib/gateway-rule.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "gateway.elevated",
  title: "Only listed users may have commands run outside of the sandbox.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI03", "OWASP ASI05"],
  why: "An elevated command runs on the gateway itself, with its files and its keys.",
  fix: "Set `tools.elevated.enabled` to false, or list the users' numbers by channel in `allowFrom`.",
  waivable: "by-configuration",
  types: [type.container],
  checkStack: (stack) =>
    onEachConfiguration(stack, (configuration) => {
      const all = [configuration, ...agentSettings(configuration)];
      return all.flatMap((own, index) => elevated(own.object("tools").object("elevated"), index === 0));
    }),
  examples: {
    good: [
      configured("gateway-elevated-g1", "Switched off", { enabled: false }),
      configured("gateway-elevated-g2", "Listed users", { enabled: true, allowFrom: { telegram: ["123456789"] } }),
    ],
    bad: [
      configured("gateway-elevated-b1", "Everybody", { enabled: true, allowFrom: { telegram: ["*"] } }),
      configured("gateway-elevated-b2", "Everybody, of a channel that is not switched on", {
        allowFrom: { discord: ["*"] },
      }),
      configured("gateway-elevated-b3", "A name", { enabled: true, allowFrom: { telegram: ["@operator"] } }),
      configured("gateway-elevated-b4", "No list", { enabled: true }),
    ],
  },
};

/** @param whole whether these are the settings of all agents, which a single agent's can only narrow */
function elevated(inside: Properties, whole: boolean): Flaw[] {
  if (inside.flag("enabled") === false) return [];
  const lists = inside.object("allowFrom");
  const open = lists.names().flatMap((channel) =>
    lists
      .texts(channel)
      .filter(({ value }) => (channel === "telegram" ? !isNumericSender(value) : value.trim() === "*"))
      .map(({ path, value }) => ({ property: path, found: show(value), expected: "the number of one user" })),
  );
  const nobody = lists.names().every((channel) => lists.texts(channel).length === 0);
  if (whole && nobody && inside.flag("enabled") === true) return [flaw(inside, "allowFrom", "users by channel")];
  return open;
}

function configured(id: string, title: string, settings: Readonly<Record<string, unknown>>): Example {
  return staged(id, title, ({ program, declares }) => [
    program("gateway", []),
    declares({}, { gateway: { configuration: openclaw({ tools: { elevated: settings } }) } }),
  ]);
}
