import type { Channel } from "../channels/channel.ts";
import type { Reading } from "../events/read-event.ts";
import { backoffDefaults, type Backoff } from "./backoff.ts";
import { deliver, type Outbox } from "./deliver.ts";
import { noticesOf, own, type Notice } from "./notice.ts";
import { SpoolError } from "./spool-error.ts";
import { Spool, type Position } from "./spool.ts";

/** Times in milliseconds. */
export interface NotifierOptions {
  /** Of the machine that the notifier runs on. */
  readonly machine: string;
  /** Of its spool. */
  readonly directory: string;
  readonly channels: readonly [Channel, ...Channel[]];
  /** Alike alerts within it are one. Default a quarter of an hour. */
  readonly window?: number;
  /** Between two messages on one channel. Default 3 seconds, which is 20 a minute. */
  readonly spacing?: number;
  /** Between two digests. Default a day. */
  readonly digestEvery?: number;
  /** Levels below it are only counted. Default 3. */
  readonly digestFrom?: number;
  /** Kinds of events that one digest tells apart. Default 200. */
  readonly digestLines?: number;
  /** What the spool may take on disk. Default 256 MiB. */
  readonly bytes?: number;
  readonly backoff?: Backoff;
  readonly now?: () => number;
  readonly random?: () => number;
  /** What went wrong, in words without secrets. */
  readonly report?: (problem: Error) => void;
}

/** How often channels look for what became due by time alone, in milliseconds. */
const LOOK = 1000;
/** This machine's clock may be set back by as much without a word, in milliseconds. */
const SET_BACK = 60_000;

/**
 * Tells people of events. Alerts (level 10 and more) are told at once on every channel, alike ones once a window; the
 * rest goes into a digest. An alert that {@link accept} has returned from is told on each channel at least once, also
 * after a kill; what a channel took is remembered. Twice is only what it took just before a kill, or while the disk is
 * full; it has the same number.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #now: () => number;
  readonly #spool: Spool;
  readonly #outboxes: readonly Outbox[];
  readonly #stopping = new AbortController();

  /** Throws a {@link SpoolError}. */
  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { window = 15 * 60_000, bytes = 256 * 1024 ** 2, digestFrom = 3, digestLines = 200 } = options;
    this.#spool = new Spool(options.directory, { window, bytes, digestFrom, digestLines });
    this.#outboxes = options.channels.map((channel) => ({
      channel,
      unwritten: new Map(),
      failures: 0,
      wake: undefined,
    }));
  }

  /**
   * Stores what was read and how far, or throws a {@link SpoolError}: then nothing is stored, and whoever read it has
   * to keep it and try again. People are told of that from memory.
   */
  accept(readings: readonly Reading[], position?: Position): void {
    const now = this.#now();
    const { machine } = this.#options;
    this.#store([...this.#clockNotices(), ...readings.flatMap((one) => noticesOf(one, machine, now))], position);
    this.#wake();
  }

  /** How far `source` was read. */
  position(source: string): Position | undefined {
    return this.#spool.position(source);
  }

  /** How many alerts some channel has not been told of yet, up to 1000. A digest and a repetition count once due. */
  waiting(): number {
    return Math.max(...this.#outboxes.map((outbox) => this.#due(outbox, 1000).length));
  }

  /** Delivers until {@link stop}. */
  async run(): Promise<void> {
    const { spacing = 3000, backoff = backoffDefaults, random = Math.random, report = () => undefined } = this.#options;
    const signal = this.#stopping.signal;
    await Promise.all(
      this.#outboxes.map((outbox) =>
        deliver(outbox, {
          ...{ spacing, backoff, random, report, signal, look: LOOK, machine: this.#options.machine },
          due: (most) => this.#tick(() => this.#due(outbox, most)),
          told: (stored) => {
            this.#told(outbox, stored);
          },
          away: (words) => {
            this.#storeOwn(own(this.#options.machine, "channel.away", words, outbox.channel.name));
          },
        }),
      ),
    );
  }

  /** Ends {@link run}; what is not told stays in the spool. */
  stop(): void {
    this.#stopping.abort();
    this.#wake();
  }

  close(): void {
    this.stop();
    this.#spool.close();
  }

  #due(outbox: Outbox, most: number) {
    return this.#spool.due(outbox.channel.name, this.#now(), [...outbox.unwritten.keys()], most);
  }

  /** What time brings, before a look at what is due; where the disk is full it waits. */
  #tick<T>(look: () => T): T {
    try {
      const notices = this.#clockNotices();
      if (notices.length > 0) this.#store(notices);
      this.#spool.digest(this.#now(), this.#options.digestEvery ?? 24 * 60 * 60_000);
    } catch (error) {
      this.#failed(error);
    }
    return look();
  }

  #clockNotices(): Notice[] {
    const back = this.#spool.clockWentBack(this.#now());
    if (back < SET_BACK) return [];
    const seconds = Math.round(back / 1000);
    return [own(this.#options.machine, "clock.off", `this machine's clock went back by ${seconds} s`, "went back")];
  }

  #told(outbox: Outbox, stored: readonly { readonly id: number; readonly count: number }[]): void {
    for (const { id, count } of stored) outbox.unwritten.set(id, count);
    const all = [...outbox.unwritten].map(([id, count]) => ({ id, count }));
    const names = this.#options.channels.map(({ name }) => name);
    try {
      this.#spool.told(outbox.channel.name, all, names, this.#now());
      outbox.unwritten.clear();
    } catch (error) {
      this.#failed(error);
    }
  }

  #store(notices: readonly Notice[], position?: Position): void {
    try {
      this.#spool.accept(notices, this.#now(), position);
    } catch (error) {
      if (error instanceof SpoolError) this.#tellFromMemory(error);
      throw error;
    }
  }

  #storeOwn(notice: Notice): void {
    try {
      this.#store([notice]);
      this.#wake();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (!(error instanceof SpoolError)) throw error;
    this.#options.report?.(error);
  }

  /** Once a window: the spool cannot remember that it could not be written. */
  #tellFromMemory({ message }: SpoolError): void {
    const now = this.#now();
    const { machine, window = 15 * 60_000 } = this.#options;
    for (const outbox of this.#outboxes) {
      if (now - (outbox.urgentAt ?? -Infinity) < window) continue;
      outbox.urgentAt = now;
      outbox.urgent = own(machine, "spool.unwritable", `${message}; events wait where they were written`).text;
    }
    this.#wake();
  }

  #wake(): void {
    for (const { wake } of this.#outboxes) wake?.();
  }
}
