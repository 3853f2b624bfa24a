import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Progress } from "../helpers/terminal/progress.ts";
import type { Sample } from "./measure.ts";
import { conclude } from "./series.ts";
import type { Comparison, Contestant, SeriesResult } from "./series.ts";

const contestants = [
  { name: "thousand", title: "plan and reachability of 1,000 containers" },
  { name: "tenThousand", title: "plan and reachability of 10,000 containers" },
] as const satisfies readonly Contestant<string>[];

type Name = (typeof contestants)[number]["name"];

const comparisons: readonly Comparison<Name>[] = [
  { title: "10,000 containers ÷ 1,000", of: "tenThousand", by: "thousand", aim: 10 },
];

const sizes: Readonly<Record<Name, number>> = { thousand: 1000, tenThousand: 10_000 };

const sampleSchema = z.object({ seconds: z.number(), cpuSeconds: z.number() });

/** Measures how the planner grows. It needs neither a daemon nor an engine. */
export async function measurePlanner(runs: number, progress: Progress): Promise<SeriesResult> {
  const rounds: Record<Name, Sample>[] = [];
  for (let round = 1; round <= runs; round += 1) {
    const samples: Partial<Record<Name, Sample>> = {};
    for (const { name } of round % 2 === 0 ? contestants : contestants.toReversed()) {
      progress.update(`round ${String(round)} of ${String(runs)}: ${String(sizes[name])} containers`);
      samples[name] = await planOnce(sizes[name]);
    }
    rounds.push(samples as Record<Name, Sample>);
  }
  return conclude({ title: "Planner", contestants, comparisons, rounds });
}

/** In a process of its own: what one plan leaves behind, compiled code and garbage, is not the next one's. */
export async function planOnce(containers: number): Promise<Sample> {
  const { stdout } = await execa(process.execPath, [join(import.meta.dirname, "planner-run.ts"), String(containers)]);
  return sampleSchema.parse(JSON.parse(stdout));
}
