import { join, resolve } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Progress } from "../helpers/terminal/progress.ts";
import { problem } from "../helpers/terminal/report.ts";
import type { GarrisonMachine } from "./garrison-machine.ts";
import { time } from "./measure.ts";
import type { Sample } from "./measure.ts";
import { conclude } from "./series.ts";
import type { Comparison, SeriesResult } from "./series.ts";
import { summarise } from "./statistics.ts";

const SIZES = [60, 600, 6000] as const;
const PACKS = { pack: "the pack", floor: "one empty rule" } as const;

// What is said once for a program; more would be said of its containers, and cost time that no clean program pays.
const LINES_ON_THE_PROGRAM = 5;

type Pack = keyof typeof PACKS;
type Size = (typeof SIZES)[number];
type Name = `${Pack}-start` | `${Pack}-${Size}`;

const directories: Readonly<Record<Pack, string>> = {
  pack: resolve(import.meta.dirname, "../policies"),
  floor: resolve(import.meta.dirname, "floor/pack"),
};

const contestants = (["pack", "floor"] as const).flatMap((pack): { name: Name; title: string }[] => [
  { name: `${pack}-start`, title: `start: ${PACKS[pack]}` },
  ...SIZES.map((size) => ({ name: `${pack}-${size}` as const, title: `${String(size)} containers: ${PACKS[pack]}` })),
]);

const comparisons: readonly Comparison<Name>[] = [
  { title: "start ÷ start of one empty rule", of: "pack-start", by: "floor-start", aim: 2 },
  ...SIZES.map((size): Comparison<Name> => ({
    title: `${String(size)} containers ÷ one empty rule`,
    of: `pack-${size}`,
    by: `floor-${size}`,
    aim: 1.5,
  })),
];

const sample = z.object({ seconds: z.number(), cpuSeconds: z.number() });
const runSchema = z.object({
  started: sample,
  judged: sample,
  resources: z.number(),
  findings: z.number(),
  memoryMiB: z.number(),
});

/**
 * Measures the policy pack beside a pack of one empty rule, both started and asked as the engine does it: every resource
 * by itself, then all of them. It needs neither an engine nor a daemon.
 */
export async function measurePolicies(runs: number, progress: Progress): Promise<SeriesResult> {
  const rounds: Record<Name, Sample>[] = [];
  const memory = new Map<string, number[]>();
  for (let round = 1; round <= runs; round += 1) {
    const samples: Partial<Record<Name, Sample>> = {};
    for (const size of SIZES) {
      for (const pack of inTurn(round)) {
        progress.update(`round ${String(round)} of ${String(runs)}: ${PACKS[pack]}, ${String(size)} containers`);
        const run = await judgeOnce(pack, size);
        samples[`${pack}-start`] = run.started;
        samples[`${pack}-${size}`] = run.judged;
        const key = `${PACKS[pack]}, ${String(size)} containers`;
        memory.set(key, [...(memory.get(key) ?? []), run.memoryMiB]);
      }
    }
    rounds.push(samples as Record<Name, Sample>);
  }
  const notes = [...memory].map(([title, values]) => `${title}: ${String(summarise(values).median)} MiB at most`);
  return conclude({ title: "Policies", contestants, comparisons, rounds, notes });
}

async function judgeOnce(pack: Pack, size: Size) {
  const program = join(import.meta.dirname, "policies-run.ts");
  const { stdout } = await execa(process.execPath, [program, directories[pack], String(size)]);
  const run = runSchema.parse(JSON.parse(stdout));
  if (run.findings <= LINES_ON_THE_PROGRAM) return run;
  throw problem("The machine that the policies are measured on is not clean", {
    property: PACKS[pack],
    found: `${String(run.findings)} findings`,
    expected: `at most ${String(LINES_ON_THE_PROGRAM)}`,
    fix: "put bench/policies-graph.ts right, then npm run bench -- policies",
  });
}

/** The share of the policies in a preview of 600 containers on the real engine. */
export async function measurePoliciesInPreview(
  garrison: GarrisonMachine,
  runs: number,
  progress: Progress,
): Promise<SeriesResult> {
  const environment = { GARRISON_BENCH_CONTAINERS: "600" };
  const commands = {
    judged: garrison.command("many", ["preview"], { policies: true, environment }),
    plain: garrison.command("many", ["preview"], { environment }),
  };
  const rounds: Record<keyof typeof commands, Sample>[] = [];
  // Round 0 fills the caches and is not counted.
  for (let round = 0; round <= runs; round += 1) {
    progress.update(round === 0 ? "warming up" : `round ${String(round)} of ${String(runs)}`);
    const judgedFirst = round % 2 === 0;
    const first = await time(judgedFirst ? commands.judged : commands.plain);
    const second = await time(judgedFirst ? commands.plain : commands.judged);
    if (round > 0) rounds.push(judgedFirst ? { judged: first, plain: second } : { judged: second, plain: first });
  }
  return conclude({
    title: "Policies in a preview of 600 containers",
    contestants: [
      { name: "judged", title: "preview, with the policies" },
      { name: "plain", title: "preview, without" },
    ],
    // At 1.33 they are a quarter of the preview.
    comparisons: [{ title: "with the policies ÷ without", of: "judged", by: "plain", aim: 1.33 }],
    rounds,
  });
}

function inTurn(round: number): Pack[] {
  return round % 2 === 0 ? ["pack", "floor"] : ["floor", "pack"];
}
