import { summarise, summariseRatios } from "./statistics.ts";
import type { Summary } from "./statistics.ts";
import type { Sample } from "./measure.ts";

/** One thing that is measured in every round. */
export interface Contestant<Name extends string> {
  readonly name: Name;
  /** What it is, in a table. */
  readonly title: string;
}

/** A ratio of two contestants of the same rounds. */
export interface Comparison<Name extends string> {
  readonly title: string;
  readonly of: Name;
  readonly by: Name;
  /** What the ratio should not exceed; without one it is for information. */
  readonly aim?: number;
}

interface Series<Name extends string> {
  readonly title: string;
  readonly contestants: readonly Contestant<Name>[];
  readonly comparisons: readonly Comparison<Name>[];
  readonly rounds: readonly Readonly<Record<Name, Sample>>[];
  /** Lines to print below the tables. */
  readonly notes?: readonly string[];
}

/** What a series says, with numbers only. */
export interface SeriesResult {
  readonly title: string;
  readonly rounds: number;
  readonly notes: readonly string[];
  readonly measured: readonly { readonly title: string; readonly seconds: Summary; readonly cpuSeconds: Summary }[];
  readonly ratios: readonly {
    readonly title: string;
    readonly aim?: number;
    readonly met?: boolean;
    /** By the clock. */
    readonly seconds: Summary;
    /** By processor time, which other programs on the machine disturb less. */
    readonly cpuSeconds: Summary;
  }[];
}

/** Works medians and ratios out. An aim is judged by the clock: that is what people wait for. */
export function conclude<Name extends string>(series: Series<Name>): SeriesResult {
  const values = (name: Name, key: keyof Sample): number[] => series.rounds.map((round) => round[name][key]);
  return {
    title: series.title,
    rounds: series.rounds.length,
    notes: series.notes ?? [],
    measured: series.contestants.map(({ name, title }) => ({
      title,
      seconds: summarise(values(name, "seconds")),
      cpuSeconds: summarise(values(name, "cpuSeconds")),
    })),
    ratios: series.comparisons.map(({ title, of, by, aim }) => {
      const seconds = summariseRatios(values(of, "seconds"), values(by, "seconds"));
      return {
        title,
        seconds,
        cpuSeconds: summariseRatios(values(of, "cpuSeconds"), values(by, "cpuSeconds")),
        ...(aim !== undefined && { aim, met: seconds.median <= aim }),
      };
    }),
  };
}
