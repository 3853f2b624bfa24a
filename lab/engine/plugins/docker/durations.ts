/** Durations as Go writes them: `1m30s`, `500ms`. */

const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Nanoseconds, or undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    sum += Number(amount) * (nanoseconds[unit ?? ""] ?? 0);
  }
  return Math.round(sum);
}

/** As Go's `time.Duration.String` writes it: `1m30s`, `1h0m0s`, `500ms`. */
export function goDuration(nanosecondsInAll: number): string {
  if (nanosecondsInAll === 0) return "0s";
  for (const [unit, size, next] of [
    ["ns", 1, 1e3],
    ["µs", 1e3, 1e6],
    ["ms", 1e6, 1e9],
  ] as const) {
    if (nanosecondsInAll < next) return `${String(nanosecondsInAll / size)}${unit}`;
  }
  const minutes = Math.floor(nanosecondsInAll / 60e9);
  const seconds = `${String((nanosecondsInAll % 60e9) / 1e9)}s`;
  if (minutes === 0) return seconds;
  if (minutes < 60) return `${String(minutes)}m${seconds}`;
  return `${String(Math.floor(minutes / 60))}h${String(minutes % 60)}m${seconds}`;
}
