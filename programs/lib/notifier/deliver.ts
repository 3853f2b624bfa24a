import { setTimeout as pause } from "node:timers/promises";
import { DeliveryError, type Channel } from "../channels/channel.ts";
import { CredentialError } from "../channels/credential.ts";
import { delayAfter, type Backoff } from "./backoff.ts";
import { compose } from "./message.ts";
import type { Stored } from "./spool.ts";

/** What is known of one channel in memory. */
export interface Outbox {
  readonly channel: Channel;
  /** Alerts that it was told of and how many, which the spool could not write down yet. */
  readonly unwritten: Map<number, number>;
  /** Failures in a row. */
  failures: number;
  /** The last message was refused for what it said. */
  refused?: boolean;
  /** Ends its wait for work. */
  wake: (() => void) | undefined;
  /** Words that the spool could not take, and when there were such last. */
  urgent?: string | undefined;
  urgentAt?: number;
}

export interface Delivery {
  readonly machine: string;
  readonly spacing: number;
  readonly look: number;
  readonly backoff: Backoff;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly report: (problem: Error) => void;
  due(most: number): readonly Stored[];
  told(stored: readonly Stored[]): void;
  /** The channel has failed {@link AWAY} times in a row. */
  away(words: string): void;
}

/** Alerts that are looked at for one message. */
const LOOKED_AT = 50;
/** Failures in a row from which a channel is away. */
export const AWAY = 5;

/** Sends what is due on one channel, one message after the other, until the signal. */
export async function deliver(outbox: Outbox, delivery: Delivery): Promise<void> {
  const { signal, spacing, backoff, random } = delivery;
  while (!signal.aborted) {
    const outcome = await attempt(outbox, delivery);
    if (outcome === "nothing") await idle(outbox, delivery.look, signal);
    else if (outcome === "sent") await wait(spacing, signal);
    else await wait(delayAfter(outbox.failures, outcome.retryAfter, backoff, random), signal);
  }
}

type Outcome = "nothing" | "sent" | { readonly retryAfter: number };

async function attempt(outbox: Outbox, delivery: Delivery): Promise<Outcome> {
  const { channel, urgent } = outbox;
  const { machine, signal } = delivery;
  try {
    if (urgent !== undefined) {
      await channel.send({ id: `urgent-${Date.now()}`, subject: `${machine}: alert`, text: urgent }, signal);
      outbox.urgent = undefined;
    } else {
      const due = delivery.due(LOOKED_AT);
      if (due.length === 0) {
        if (outbox.unwritten.size > 0) delivery.told([]);
        return "nothing";
      }
      // Words that came with an event can be what a filter refuses for ever: then every other attempt is without them,
      // and alone, so that it is theirs only.
      const bare = outbox.refused === true;
      const { message, taken } = compose(bare ? due.slice(0, 1) : due, { machine, longest: channel.longest, bare });
      await channel.send(message, signal);
      delivery.told(taken);
    }
    outbox.failures = 0;
    outbox.refused = false;
    return "sent";
  } catch (error) {
    if (!(error instanceof DeliveryError || error instanceof CredentialError)) throw error;
    if (signal.aborted) return { retryAfter: 0 };
    outbox.failures += 1;
    outbox.refused = error instanceof DeliveryError && error.refused && outbox.refused !== true;
    delivery.report(error);
    if (outbox.failures % AWAY === 0) delivery.away(`${error.message}; failed ${outbox.failures} times`);
    return { retryAfter: error instanceof DeliveryError ? error.retryAfter : 0 };
  }
}

/** Until there may be something to send. */
async function idle(outbox: Outbox, most: number, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  outbox.wake = () => {
    woken.abort();
  };
  await wait(most, AbortSignal.any([signal, woken.signal]));
  outbox.wake = undefined;
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal }).catch(() => undefined);
}
