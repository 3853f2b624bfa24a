import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { elapsed, startProgress } from "#helpers/terminal/progress.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function recorder(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

describe("progress", () => {
  it("gives a log a line about every ten seconds", () => {
    const stream = recorder(false);
    const progress = startProgress("Building", stream);
    progress.update("3 of 9");
    vi.advanceTimersByTime(25_000);
    progress.done();
    expect(stream.written).toHaveLength(4);
    expect(stream.written[0]).toBe("  Building …\n");
    expect(stream.written[1]).toBe("  Building · 3 of 9 · 0:10\n");
    expect(stream.written[2]).toBe("  Building · 3 of 9 · 0:20\n");
    expect(stream.written[3]).toContain("Building · 0:25\n");
  });

  it("moves one line on a terminal and never lets it wrap", () => {
    const stream = recorder(true, 20);
    const progress = startProgress("A label that is far too long", stream);
    vi.advanceTimersByTime(1000);
    expect(stream.written.length).toBeGreaterThan(10);
    const shown = stream.written.join("");
    expect(shown).not.toContain("\n");
    const lines = shown.split("\r\u001b[2K").map(stripVTControlCharacters);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(20);
    progress.fail("no");
    expect(stream.written.at(-1)).toContain("no");
  });

  it("says something on a terminal that does not know its size", () => {
    const stream = recorder(true, 0);
    startProgress("Building", stream).done();
    expect(stream.written.join("")).toContain("Building · 0:00");
    expect(stripVTControlCharacters(stream.written[1] ?? "")).toMatch(/^. Building · 0:00$/u);
  });

  it("says at the end where it failed", () => {
    const stream = recorder(false);
    const progress = startProgress("Building", stream);
    progress.update("3 of 9");
    progress.fail();
    expect(stream.written.at(-1)).toContain("Building · 3 of 9 · 0:00\n");
  });

  it("is silent after its end", () => {
    const stream = recorder(false);
    const progress = startProgress("Step", stream);
    progress.done();
    const before = stream.written.length;
    progress.fail();
    vi.advanceTimersByTime(60_000);
    expect(stream.written).toHaveLength(before);
  });

  it("tells time in minutes and seconds", () => {
    expect(elapsed(0)).toBe("0:00");
    expect(elapsed(59_999)).toBe("0:59");
    expect(elapsed(277_000)).toBe("4:37");
  });
});
