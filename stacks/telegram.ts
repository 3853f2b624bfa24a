import { z } from "zod";
import type { OpenclawChannel } from "../components/services/openclaw-gateway/channel.ts";
import { settingsPart } from "../components/settings/part.ts";
import { worded } from "../components/settings/words.ts";
import type { Rendering } from "../components/wiring/blueprint.ts";

const operator = worded(z.int().positive(), "the number of a Telegram user", "<number>");

const settings = settingsPart(
  "telegram",
  "The operator's channel.",
  {
    operators: z
      .array(operator)
      .default([])
      .describe("Telegram ids, numbers, of the people whom the agent listens to. Needed outside the lab."),
  },
  { operators: "the Telegram id of at least one operator" },
);

/** The operator's channel. */
export const telegram: OpenclawChannel = {
  plugin: "telegram",
  hosts: ["api.telegram.org"],
  token: { name: "telegram-bot-token", why: "the gateway reads and answers the operator's messages" },
  settings,
  config: (self, token) => ({
    enabled: true,
    botToken: token,
    // By number: a name can be given up, and taken by somebody else.
    dmPolicy: "allowlist",
    allowFrom: operators(self),
    groupPolicy: "disabled",
    configWrites: false,
  }),
};

/** A lab has no operator, and an empty list is refused: a number that Telegram gives to nobody stands in. */
function operators(self: Rendering): string[] {
  const { operators: given } = self.setting(settings);
  return given.length === 0 && self.settings.lab ? ["1"] : given.map(String);
}
