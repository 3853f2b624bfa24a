/**
 * A time as Go writes it, to the millisecond: `5s`, `1m30s`, `1h0m0s`, `500ms`. The provider reads health times back in
 * this form and compares texts, so that `90s` would replace its container on every run.
 */
export function goDuration(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  if (milliseconds === 0) return "0s";
  if (milliseconds < 1000) return `${String(milliseconds)}ms`;
  const minutes = Math.floor(milliseconds / 60_000);
  const rest = `${String((milliseconds % 60_000) / 1000)}s`;
  if (minutes === 0) return rest;
  if (minutes < 60) return `${String(minutes)}m${rest}`;
  return `${String(Math.floor(minutes / 60))}h${String(minutes % 60)}m${rest}`;
}
