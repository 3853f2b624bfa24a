import type { Message } from "../notifier/message.ts";

/** A way to people. */
export interface Channel {
  /** Of this one among all of a notifier; what it was told is remembered under it. */
  readonly name: string;
  /** Of a message's text, in UTF-16 units. */
  readonly longest: number;
  /** Resolves when the message is the other side's; rejects with a {@link DeliveryError}. */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

/** A message did not get out. Its words hold no secret: they are made of codes, never of a request. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  /** The other side understood and does not want it. */
  readonly refused: boolean;
  /** How long the other side wants to be left alone, in milliseconds. */
  readonly retryAfter: number;
  constructor(channel: string, words: string, { refused = false, retryAfter = 0 } = {}) {
    super(`${channel}: ${words}`);
    this.refused = refused;
    this.retryAfter = retryAfter;
  }
}

/** The code of an error, or of what it came of; never its text, which may hold a request's URL. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
