import { z } from "zod";
import type { Message } from "../notifier/message.ts";
import { DeliveryError, codeOf, type Channel } from "./channel.ts";
import { credential } from "./credential.ts";

export interface TelegramOptions {
  /** Holds the bot's token. */
  readonly tokenFile: string;
  /** The numeric id of the chat that is written to. */
  readonly chat: number;
  /** Of the Bot API. Default `https://api.telegram.org`. */
  readonly api?: string;
}

/** How long one request may take, in milliseconds. */
const PATIENCE = 20_000;

/** core.telegram.org/bots/api, "Making requests". */
const answerSchema = z.object({
  ok: z.boolean(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().nonnegative().optional() }).optional(),
});

/** A chat of Telegram, by the Bot API's `sendMessage`, as plain text. */
export function telegram({ tokenFile, chat, api = "https://api.telegram.org" }: TelegramOptions): Channel {
  const name = "telegram";
  return {
    name,
    // sendMessage takes 1 to 4096 characters.
    longest: 4096,
    async send({ subject, text }: Message, signal) {
      const token = await credential(tokenFile);
      // It becomes a part of the path.
      if (!/^\d+:[A-Za-z0-9_-]+$/.test(token))
        throw new DeliveryError(name, `${tokenFile}: expected <bot id>:<secret>`);
      const body = { chat_id: chat, text: text === "" ? subject : text, link_preview_options: { is_disabled: true } };
      const response = await fetch(`${api}/bot${token}/sendMessage`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        // The token is in the URL: it goes nowhere else.
        redirect: "error",
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
      }).catch((error: unknown) => {
        // Without its cause: the text of an error of fetch can hold the URL.
        throw new DeliveryError(name, `no answer: ${codeOf(error)}`);
      });
      const { data } = answerSchema.safeParse(await response.json().catch(() => undefined));
      if (response.ok && data?.ok === true) return;
      const seconds = data?.parameters?.retry_after ?? 0;
      const words = `answered ${response.status}: ${(data?.description ?? "").replaceAll(token, "…").slice(0, 200)}`;
      throw new DeliveryError(name, words, { refused: response.status === 400, retryAfter: seconds * 1000 });
    },
  };
}
