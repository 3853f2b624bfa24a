import { setTimeout as pause } from "node:timers/promises";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { pino } from "pino";
import type { Channel } from "@garrison/programs-lib/channels/channel.ts";
import { mail } from "@garrison/programs-lib/channels/mail.ts";
import { telegram } from "@garrison/programs-lib/channels/telegram.ts";
import { readEvent } from "@garrison/programs-lib/events/read-event.ts";
import { Notifier } from "@garrison/programs-lib/notifier/notifier.ts";
import { SpoolError } from "@garrison/programs-lib/notifier/spool-error.ts";
import type { Position } from "@garrison/programs-lib/notifier/spool.ts";
import { follow } from "./follow.ts";
import { Lines } from "./lines.ts";
import { readSettings, SettingsError, type Settings } from "./settings.ts";

const codes = { done: 0, failed: 1, usage: 2, refused: 3, waiting: 4 } as const;

/** How long a spool that cannot be written is left alone, in milliseconds. */
const RETRY = 2000;

const log = pino({ name: "notify" }, pino.destination({ fd: 2, sync: true }));

const program = new Command("notify")
  .description("Tells people of events, JSON lines on standard input or appended to a file, by mail and Telegram.")
  .requiredOption("--settings <file>", "settings, as JSON")
  .option(
    "--follow <file>",
    "read what is appended to this file, until it is stopped; without it standard input, to its end",
  )
  .option("--wait <seconds>", "after the end of standard input, how long to try to deliver", seconds, 60)
  .addHelpText(
    "after",
    `
Exit codes:
  0  everything was told, or it was stopped
  1  the spool cannot be used, or something unexpected happened
  2  wrong settings or options
  3  lines were no events; an alert says so
  4  alerts wait in the spool; the next run tells them`,
  )
  .exitOverride();

async function main(): Promise<number> {
  program.parse();
  const options = program.opts<{ settings: string; follow?: string; wait: number }>();
  const notifier = open(readSettings(options.settings));
  const stopped = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stopped.abort();
    });
  }
  // What the loops do not expect ends the program, not one channel of it.
  const running = notifier.run();
  const work =
    options.follow === undefined
      ? standardInput(notifier, options.wait, stopped.signal)
      : following(notifier, options.follow, stopped.signal);
  try {
    return await Promise.race([work, running.then(() => codes.failed)]);
  } finally {
    notifier.stop();
    await running;
    notifier.close();
  }
}

function open({ machine, spool, mail: post, telegram: chat, limits }: Settings): Notifier {
  const channels: Channel[] = [];
  if (post)
    channels.push(
      mail({
        host: post.host,
        port: post.port,
        tls: post.tls,
        from: post.from,
        to: post.to,
        ...(post.login && { login: post.login }),
      }),
    );
  if (chat)
    channels.push(
      telegram({ tokenFile: chat.tokenFile, chat: chat.chat, ...(chat.api !== undefined && { api: chat.api }) }),
    );
  const [first, ...others] = channels;
  if (!first) throw new SettingsError("settings: no channel; expected mail, telegram or both");
  return new Notifier({
    ...{ machine, directory: spool, channels: [first, ...others], digestFrom: limits.digestFrom },
    window: limits.windowMinutes * 60_000,
    spacing: 60_000 / limits.messagesPerMinute,
    digestEvery: limits.digestHours * 60 * 60_000,
    bytes: limits.spoolMiB * 1024 ** 2,
    report: (problem) => {
      log.warn(problem.message);
    },
  });
}

async function following(notifier: Notifier, file: string, signal: AbortSignal): Promise<number> {
  for await (const { lines, position } of follow(file, notifier.position(file), signal)) {
    await accept(notifier, lines, signal, position);
  }
  return codes.done;
}

async function standardInput(notifier: Notifier, wait: number, signal: AbortSignal): Promise<number> {
  const lines = new Lines();
  let refused = 0;
  signal.addEventListener("abort", () => process.stdin.destroy());
  try {
    for await (const chunk of process.stdin) refused += await accept(notifier, lines.add(chunk as Buffer), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  refused += await accept(notifier, lines.end(), signal);
  const until = Date.now() + wait * 1000;
  while (notifier.waiting() > 0 && Date.now() < until && !signal.aborted) await pause(100);
  const waiting = notifier.waiting();
  if (waiting > 0) log.warn({ waiting }, "alerts wait in the spool");
  if (waiting > 0) return codes.waiting;
  return refused > 0 ? codes.refused : codes.done;
}

/** Returns how many lines were no events. Where the spool cannot be written the lines are kept, and no more are read. */
async function accept(notifier: Notifier, lines: string[], signal: AbortSignal, position?: Position): Promise<number> {
  const readings = lines.map(readEvent);
  const refused = readings.flatMap((one) => (one.is === "refused" ? [one.problems] : []));
  for (const problems of refused.slice(0, 10)) log.warn({ problems }, "a line is no event");
  while (lines.length > 0) {
    try {
      notifier.accept(readings, position);
      break;
    } catch (error) {
      if (!(error instanceof SpoolError)) throw error;
      log.error({ code: error.code }, error.message);
      if (signal.aborted) throw error;
      await pause(RETRY, undefined, { signal }).catch(() => undefined);
    }
  }
  return refused.length;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError("expected seconds, 0 or more");
  return value;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? codes.done : codes.usage;
  else {
    log.error(
      { ...(error instanceof SpoolError && { code: error.code }) },
      error instanceof Error ? error.message : String(error),
    );
    process.exitCode = error instanceof SettingsError ? codes.usage : codes.failed;
  }
}
