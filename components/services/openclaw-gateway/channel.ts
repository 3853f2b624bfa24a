import type { SettingsPart } from "#components/settings/part.ts";
import type { Rendering } from "#components/wiring/blueprint.ts";

/**
 * A way by which people talk to the agent: a plugin of OpenClaw, with what it asks the settings for.
 *
 * @example
 * ```ts
 * const chat: OpenclawChannel = {
 *   plugin: "chat",
 *   hosts: ["api.chat.example.org"],
 *   token: { name: "chat-token", why: "the gateway reads and answers messages" },
 *   settings: settingsPart("chat", "Who may write.", { rooms: z.array(z.string()).default([]).describe("Rooms.") }),
 *   config: (self, token) => ({ enabled: true, token, rooms: self.setting(chat.settings).rooms }),
 * };
 * ```
 */
export interface OpenclawChannel {
  /** As OpenClaw names it in `channels` and in `plugins.allow`. */
  readonly plugin: string;
  /** Names that it asks through the proxy. */
  readonly hosts: readonly string[];
  /** What opens the channel: a secret that others issue, by name. */
  readonly token: { readonly name: string; readonly why: string };
  /** Who may write, for one. */
  readonly settings: SettingsPart;
  /** Its part of OpenClaw's configuration, with a reference to the token. */
  readonly config: (self: Rendering, token: object) => Readonly<Record<string, unknown>>;
}
