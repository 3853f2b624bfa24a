import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DeliveryError, type Channel } from "#programs/lib/channels/channel.ts";
import type { Event } from "#programs/lib/events/event.ts";
import { delayAfter } from "#programs/lib/notifier/backoff.ts";
import { Notifier, type NotifierOptions } from "#programs/lib/notifier/notifier.ts";
import { event } from "./event.ts";

let directory: string;
let open: Notifier[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "notifier-"));
  open = [];
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
  rmSync(directory, { recursive: true });
});

function start(channels: NotifierOptions["channels"], given: Partial<NotifierOptions> = {}): Notifier {
  const backoff = { first: 5, longest: 20 };
  const made = new Notifier({ machine: "office", directory, channels, spacing: 0, backoff, ...given });
  open.push(made);
  return made;
}
/** A channel that keeps what it took; `fails` before it takes anything. */
function channel(name: string, fails?: (text: string) => DeliveryError | undefined): Channel & { got: string[] } {
  const got: string[] = [];
  return {
    ...{ name, longest: 4096, got },
    send: ({ text }) => {
      const error = fails?.(text);
      if (error) return Promise.reject(error);
      got.push(text);
      return Promise.resolve();
    },
  };
}
const read = (...events: Event[]) => events.map((one) => ({ is: "event" as const, event: one }));
/** Delivers until nothing waits. */
async function settle(notifier: Notifier): Promise<void> {
  const running = notifier.run();
  await vi.waitFor(() => {
    expect(notifier.waiting()).toBe(0);
  }, 20_000);
  notifier.stop();
  await running;
}

it("tells alike alerts once a window, and how many more there were when it ends", async () => {
  let now = 1_800_000_000_000;
  const one = channel("one");
  const time = new Date(now).toISOString();
  const first = start([one], { now: () => now, window: 1000 });
  first.accept(read(event({ time }), event({ time }), event({ time }), event({ time, subject: "other" })));
  const running = first.run();
  await vi.waitFor(() => {
    expect(one.got.join("\n").match(/#\d+(?: 3 x)?/g)).toEqual(["#1 3 x", "#2"]);
  });
  first.accept(read(event({ time })));
  now += 2000;
  await vi.waitFor(() => {
    expect(one.got.at(-1)).toContain("#1 again, 1 x until ");
  }, 5000);
  first.stop();
  await running;
});

it("is neither silenced nor made to forget by a flood of 10,000 low events", async () => {
  const one = channel("one");
  const notifier = start([one], { bytes: 1024 ** 2, digestEvery: 1e9 });
  notifier.accept(read(event({ subject: "before" })));
  for (let batch = 0; batch < 10; batch += 1) {
    notifier.accept(
      read(...Array.from({ length: 1000 }, (_, n) => event({ level: 9, subject: `flood-${batch}-${n}` }))),
    );
  }
  notifier.accept(read(event({ subject: "after" })));
  await settle(notifier);
  expect(one.got.join("\n")).toMatch(/before[^]*after/);
  expect(one.got.join("\n")).not.toContain("flood");
});

it("counts the rest in a digest, of which each kind has a line", async () => {
  let now = Date.now();
  const one = channel("one");
  const notifier = start([one], { now: () => now, digestEvery: 1000, digestLines: 1 });
  await settle(notifier);
  open.splice(0).forEach((each) => {
    each.close();
  });
  const next = start([one], { now: () => now, digestEvery: 1000, digestLines: 1 });
  next.accept(read(event({ level: 5 }), event({ level: 5 }), event({ level: 6, subject: "x" }), event({ level: 1 })));
  now += 2000;
  const running = next.run();
  await vi.waitFor(() => {
    expect(one.got[0]).toMatch(/^Digest 1\. Since [^]*2 x \[5\] guard[^]*1 x events of other kinds/);
  }, 5000);
  next.stop();
  await running;
  expect(one.got[0]).toContain("1 x events below level 3");
});

it("sends in order what a channel that was away missed, and does not stop the other", async () => {
  let away = true;
  const dead = channel("dead", () => (away ? new DeliveryError("dead", "ECONNREFUSED") : undefined));
  const alive = channel("alive");
  const notifier = start([dead, alive]);
  notifier.accept(read(event({ subject: "first" }), event({ subject: "second" })));
  const running = notifier.run();
  await vi.waitFor(() => {
    expect(alive.got.join("\n")).toMatch(/first[^]*second[^]*channel\.away: dead: ECONNREFUSED/);
  }, 10_000);
  expect(dead.got).toEqual([]);
  away = false;
  await vi.waitFor(() => {
    expect(dead.got.join("\n")).toMatch(/first[^]*second[^]*channel\.away/);
  }, 10_000);
  notifier.stop();
  await running;
});

it("sends nothing twice after a restart, and takes a repeated line for the same event", async () => {
  const one = channel("one");
  const [sent, late] = [event({ subject: "sent" }), event({ subject: "late" })];
  const first = start([one]);
  first.accept(read(sent), { source: "/log", inode: "1", offset: 10 });
  await settle(first);
  first.accept(read(late));
  first.close();
  open.pop();
  const second = start([one], { window: 1 });
  expect(second.position("/log")).toEqual({ source: "/log", inode: "1", offset: 10 });
  second.accept(read(sent, late));
  await settle(second);
  expect(one.got.map((text) => /sent|late/.exec(text)?.[0])).toEqual(["sent", "late"]);
});

it("gets past words that a channel refuses for ever", async () => {
  const picky = channel("picky", (text) =>
    text.includes("GTUBE") ? new DeliveryError("picky", "answered 554", { refused: true }) : undefined,
  );
  const notifier = start([picky]);
  notifier.accept(read(event({ subject: "GTUBE" }), event({ subject: "after" })));
  await settle(notifier);
  expect(picky.got).toEqual([expect.stringContaining("#1 level 12"), expect.stringContaining("after")]);
});

it("names a full spool, tells so from memory, and loses nothing that it accepted", async () => {
  const one = channel("one");
  const notifier = start([one], { bytes: 128 * 1024 });
  let accepted = 0;
  expect(() => {
    for (; accepted < 10_000; accepted += 1) notifier.accept(read(event({ subject: `alert-${accepted}.` })));
  }).toThrow(expect.objectContaining({ name: "SpoolError", code: "spool-full" }) as Error);
  expect(accepted).toBeGreaterThan(10);
  const running = notifier.run();
  await vi.waitFor(() => {
    for (let n = 0; n < accepted; n += 1) expect(one.got.some((text) => text.includes(`alert-${n}.`))).toBe(true);
  }, 20_000);
  notifier.stop();
  await running;
  expect(one.got[0]).toContain("spool.unwritable: spool ");
});

it("names a second notifier on the same spool", () => {
  start([channel("one")]);
  expect(() => start([channel("one")])).toThrow(expect.objectContaining({ code: "in-use" }) as Error);
});

it("names clocks that are off: another machine's that is ahead, and its own that was set back", async () => {
  let now = Date.now();
  const one = channel("one");
  const notifier = start([one], { now: () => now });
  notifier.accept(read(event({ machine: "web", time: new Date(now + 600_000).toISOString() })));
  now -= 3_600_000;
  await settle(notifier);
  expect(one.got.join("\n")).toContain("clock.off: the clock of web");
  expect(one.got.join("\n")).toContain("clock.off: this machine's clock went back by 3600 s");
});

it("alerts of a line that is no event without its words", async () => {
  const one = channel("one");
  const notifier = start([one]);
  notifier.accept([{ is: "refused", problems: ["level: too big"] }]);
  await settle(notifier);
  expect(one.got[0]).toContain("event.refused: a line is no event: level: too big");
});

it("waits twice as long each time, by chance shorter, never less than it is asked to", () => {
  const backoff = { first: 1000, longest: 300_000 };
  expect([1, 2, 3, 30].map((n) => delayAfter(n, 0, backoff, () => 1))).toEqual([1000, 2000, 4000, 300_000]);
  expect(delayAfter(1, 0, backoff, () => 0)).toBe(500);
  expect(delayAfter(1, 7000, backoff, () => 0)).toBe(7000);
});
