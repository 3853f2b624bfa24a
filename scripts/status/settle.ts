import { setTimeout as sleep } from "node:timers/promises";
import { startProgress } from "#helpers/terminal/progress.ts";
import type { LiveContainer } from "./collect.ts";

interface SettleOptions {
  /** @default 180 s, as long as the engine waits for a container that it makes */
  readonly timeoutMs?: number;
  readonly pollMs?: number;
}

/**
 * Waits until no container is still starting. The engine waits for those that it makes; after a restart of the daemon
 * there is nothing to make, and yet not everybody is up. A container that never becomes healthy is the table's to tell.
 */
export async function untilSettled(
  collect: () => Promise<readonly LiveContainer[]>,
  { timeoutMs = 180_000, pollMs = 500 }: SettleOptions = {},
): Promise<void> {
  let starting = startingOf(await collect());
  if (starting.length === 0) return;
  const progress = startProgress("Waiting for health");
  const deadline = Date.now() + timeoutMs;
  while (starting.length > 0 && Date.now() < deadline) {
    progress.update(starting.slice(0, 3).join(", "));
    await sleep(pollMs);
    starting = startingOf(await collect());
  }
  if (starting.length === 0) progress.done();
  else progress.fail();
}

function startingOf(live: readonly LiveContainer[]): string[] {
  return live.filter(({ state, health }) => state === "running" && health === "starting").map(({ service }) => service);
}
