import { z } from "zod";
import { isHostName } from "#components/settings/forms.ts";
import { settingsPart } from "#components/settings/part.ts";
import type { SettingsPart } from "#components/settings/part.ts";
import { worded } from "#components/settings/words.ts";
import { siteFields, siteNeeds } from "../site.ts";

const mailDomain = worded(z.string().refine(isHostName), "a domain of mail addresses", "example.org");
const days = worded(z.int().min(1).max(365), "a number of days, 1 to 365", "90");

const fields = {
  ...siteFields,
  registration: z
    .array(mailDomain)
    .default([])
    .describe("Domains whose mail addresses may register. Empty: nobody registers, and people are added by hand."),
  keepDays: days.default(365).describe("Days that a chat is kept after its last message."),
};

/** Where a chat is opened, who may come, and how long what is said is kept. */
export type ChatSettings = SettingsPart<typeof fields>;

/**
 * What one chat is told, below a name of its own among the settings.
 *
 * @example
 * ```ts
 * // garrison:helpdesk: { domain: chat.example.org, registration: [example.org], keepDays: 90 }
 * const helpdesk = chatSettings("helpdesk");
 * ```
 */
export function chatSettings(name: string): ChatSettings {
  return settingsPart(
    name,
    `Where ${name} is opened, who may register, and how long chats are kept.`,
    fields,
    siteNeeds,
  );
}
