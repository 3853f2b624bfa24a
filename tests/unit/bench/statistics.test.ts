import { describe, expect, it } from "vitest";
import { parseTimes } from "#bench/measure.ts";
import { conclude } from "#bench/series.ts";
import { summarise, summariseRatios } from "#bench/statistics.ts";

describe("summarise", () => {
  it.each([
    [[3], { median: 3, least: 3, most: 3 }],
    [[3, 1, 2], { median: 2, least: 1, most: 3 }],
    [[10, 9, 1, 2], { median: 5.5, least: 1, most: 10 }],
  ])("finds the middle of %j", (values, summary) => {
    expect(summarise(values)).toEqual(summary);
  });

  it("refuses to make a number out of nothing", () => {
    expect(() => summarise([])).toThrow("nothing was measured");
  });
});

describe("summariseRatios", () => {
  it("compares runs of the same round, so that a slow round counts for both", () => {
    expect(summariseRatios([2, 40, 3], [1, 20, 1])).toEqual({ median: 2, least: 2, most: 3 });
  });

  it("refuses rounds that do not match", () => {
    expect(() => summariseRatios([1, 2], [1])).toThrow("same rounds");
  });
});

describe("conclude", () => {
  const at = (seconds: number) => ({ seconds, cpuSeconds: seconds / 2 });
  const series = {
    title: "probe",
    contestants: [
      { name: "a", title: "A" },
      { name: "b", title: "B" },
    ],
    rounds: [
      { a: at(3), b: at(1) },
      { a: at(4), b: at(2) },
      { a: at(5), b: at(2) },
    ],
  } as const;

  it("judges an aim by the median of the ratios by the clock", () => {
    const judge = (aim: number) =>
      conclude<"a" | "b">({ ...series, comparisons: [{ title: "a ÷ b", of: "a", by: "b", aim }] }).ratios[0];
    expect(judge(2.5)).toMatchObject({ met: true, seconds: { median: 2.5, least: 2, most: 3 } });
    expect(judge(2.4)).toMatchObject({ met: false });
  });

  it("does not judge a ratio without an aim", () => {
    const [ratio] = conclude<"a" | "b">({ ...series, comparisons: [{ title: "b ÷ a", of: "b", by: "a" }] }).ratios;
    expect(ratio?.seconds.median).toBe(0.4);
    expect(ratio).not.toHaveProperty("met");
  });

  it("keeps wall-clock and processor time apart", () => {
    const [measured] = conclude<"a" | "b">({ ...series, comparisons: [] }).measured;
    expect(measured).toMatchObject({ title: "A", seconds: { median: 4 }, cpuSeconds: { median: 2 } });
  });
});

describe("parseTimes", () => {
  it("adds user and system time of the children, whichever shell says it", () => {
    expect(parseTimes("0m0.00s 0m0.01s\n1m2.50s 0m0.25s\n")).toBeCloseTo(62.75);
    expect(parseTimes("0m0,000s 0m0,010s\n0m0,500s 0m0,250s\n")).toBeCloseTo(0.75);
  });

  it("refuses anything else", () => {
    expect(() => parseTimes("")).toThrow("not the output of times");
  });
});
