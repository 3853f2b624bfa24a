import { clearInterval, setInterval } from "node:timers";

/**
 * A line that moves on a terminal, a line every ten seconds elsewhere; returns how to end it. The tidy version of the
 * other scripts needs the packages that are being installed here.
 */
export function showProgress(label) {
  const started = Date.now();
  const moving = process.stderr.isTTY === true;
  const text = () => `${label} · ${Math.round((Date.now() - started) / 1000)} s`;
  if (!moving) say(`${label} …`);
  const timer = setInterval(
    () => (moving ? process.stderr.write(`\r\u001b[2K  ${text()}`) : say(text())),
    moving ? 250 : 10_000,
  );
  return (succeeded) => {
    clearInterval(timer);
    process.stderr.write(`${moving ? "\r\u001b[2K" : ""}${succeeded ? "✓" : "✗"} ${text()}\n`);
  };
}

/** A line of its own. */
export function say(text) {
  process.stderr.write(`  ${text}\n`);
}
