import pc from "picocolors";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;
/** How often a log without a terminal gets a sign of life. */
const lineIntervalMs = 10_000;
const frameIntervalMs = 120;

/** What progress needs of a stream; a terminal also has a width. */
interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A step that takes time, shown while it runs. */
export interface Progress {
  /** Says how far it is; shown with the next tick. */
  update(detail: string): void;
  /** Prints a line of its own without disturbing the moving one. */
  note(text: string): void;
  /** Ends it; how far it was last is of no interest any more. */
  done(result?: string): void;
  /** Ends it with where it was when it failed. */
  fail(reason?: string): void;
}

/** Starts to show a step: one line that moves on a terminal, a plain line about every ten seconds elsewhere. */
export function startProgress(label: string, stream: ProgressStream = process.stderr): Progress {
  const started = performance.now();
  const moving = stream.isTTY === true;
  let detail = "";
  let frame = 0;
  let running = true;

  const text = (): string => [label, detail, elapsed(performance.now() - started)].filter(Boolean).join(" · ");
  const clear = (): void => {
    if (moving) stream.write("\r\u001b[2K");
  };
  const tick = (): void => {
    if (!moving) {
      stream.write(`  ${text()}\n`);
      return;
    }
    frame = (frame + 1) % frames.length;
    clear();
    stream.write(`${pc.cyan(frames[frame] ?? "·")} ${fit(text(), widthOf(stream) - 3)}`);
  };
  const finish = (sign: string, last: string): void => {
    if (!running) return;
    running = false;
    detail = last;
    clearInterval(timer);
    clear();
    stream.write(`${sign} ${text()}\n`);
  };

  const timer = setInterval(tick, moving ? frameIntervalMs : lineIntervalMs);
  if (moving) tick();
  else stream.write(`  ${label} …\n`);

  return {
    update(next) {
      detail = next;
    },
    note(line) {
      clear();
      stream.write(`  ${line}\n`);
    },
    done(last = "") {
      finish(pc.green("✓"), last);
    },
    fail(last = detail) {
      finish(pc.red("✗"), last);
    },
  };
}

/** Runs a step with progress around it; the line says how it ended. */
export async function withProgress<T>(label: string, work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = startProgress(label);
  try {
    const result = await work(progress);
    progress.done();
    return result;
  } catch (error) {
    progress.fail();
    throw error;
  }
}

/** Elapsed time as `m:ss`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A terminal that does not know its size says 0. */
function widthOf({ columns = 0 }: ProgressStream): number {
  return columns > 0 ? columns : 80;
}

// A line longer than the terminal wraps, and the next rewrite would leave its first half behind.
function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
