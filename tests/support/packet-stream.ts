import { createSocket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";
import type { Target } from "./packet-probe.ts";

/** Packets that were sent, and answers that came. */
export interface Tally {
  sent: number;
  answered: number;
}

const everyMs = 20;
/** How long an answer may be under way. */
const patienceMs = 3000;

/**
 * Sends a packet every 20 ms or so to each target until it is told to stop. Each begins a flow of its own, so that the
 * rules judge it and not what they remember of the one before.
 */
export function streamTo<Name extends string>(
  targets: Readonly<Record<Name, Omit<Target, "protocol">>>,
): {
  end: () => Promise<Record<Name, Tally>>;
} {
  const names = Object.keys(targets) as Name[];
  const tallies = Object.fromEntries(names.map((name) => [name, { sent: 0, answered: 0 }])) as Record<Name, Tally>;
  const timer = setInterval(() => {
    for (const name of names) sendOne(targets[name], tallies[name]);
  }, everyMs);
  return {
    end: async () => {
      clearInterval(timer);
      await sleep(patienceMs);
      return tallies;
    },
  };
}

function sendOne({ address, port }: Omit<Target, "protocol">, tally: Tally): void {
  const socket = createSocket("udp4");
  const late = setTimeout(() => socket.close(), patienceMs);
  socket.once("message", () => {
    tally.answered += 1;
    clearTimeout(late);
    socket.close();
  });
  // Refused is as good as silent: there was no answer.
  socket.on("error", () => undefined);
  socket.send("probe", port, address);
  tally.sent += 1;
}
