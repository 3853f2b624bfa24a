import { problem } from "../helpers/terminal/report.ts";
import type { Progress } from "../helpers/terminal/progress.ts";
import type { ComposeMachine } from "./compose-machine.ts";
import type { GarrisonMachine } from "./garrison-machine.ts";
import { time } from "./measure.ts";
import type { Sample, Timed } from "./measure.ts";
import { conclude } from "./series.ts";
import type { Comparison, Contestant, SeriesResult } from "./series.ts";

const contestants = [
  { name: "judged", title: "preview, with the policies (`npm run preview`)" },
  { name: "plain", title: "preview, without the policies" },
  { name: "declared", title: "floor: the same resources from a list, same engine and plugins" },
  { name: "empty", title: "an empty program, same engine" },
  { name: "alone", title: "the program alone, no engine and no plugins" },
  { name: "compose", title: "`docker compose config -q`" },
] as const satisfies readonly Contestant<string>[];

type Name = (typeof contestants)[number]["name"];

const comparisons: readonly Comparison<Name>[] = [
  { title: "preview ÷ floor", of: "plain", by: "declared", aim: 2 },
  { title: "preview with the policies ÷ floor", of: "judged", by: "declared", aim: 2 },
  { title: "preview with the policies ÷ without", of: "judged", by: "plain" },
  { title: "preview ÷ the program alone", of: "plain", by: "alone" },
  { title: "preview ÷ an empty program", of: "plain", by: "empty" },
  { title: "preview ÷ docker compose config", of: "plain", by: "compose" },
];

/** Measures the preview of a machine of which nothing is deployed. */
export async function measurePreview(
  garrison: GarrisonMachine,
  compose: ComposeMachine,
  runs: number,
  progress: Progress,
): Promise<SeriesResult> {
  const graph = await garrison.declarePreview();
  const commands: Record<Name, Timed> = {
    judged: garrison.command("office", ["preview"], { policies: true }),
    plain: garrison.command("office", ["preview"]),
    declared: garrison.command("declared", ["preview"]),
    empty: garrison.command("empty", ["preview"]),
    alone: garrison.alone(),
    compose: compose.command(["config", "-q"]),
  };
  const rounds: Record<Name, Sample>[] = [];
  // Round 0 fills the caches and is not counted.
  for (let round = 0; round <= runs; round += 1) {
    const samples: Partial<Record<Name, Sample>> = {};
    for (const { name } of rotated(contestants, round)) {
      progress.update(round === 0 ? `warming up: ${name}` : `round ${String(round)} of ${String(runs)}: ${name}`);
      const run = await time(commands[name]);
      if (round === 0) requireSameWork(name, run.stdout, graph.resources.length);
      samples[name] = run;
    }
    if (round > 0) rounds.push(samples as Record<Name, Sample>);
  }
  return conclude({ title: "Preview", contestants, comparisons, rounds });
}

/** Another order in every round: nobody always runs after the same neighbour. */
function rotated<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** Contestants that declare different numbers of resources are not comparable. */
function requireSameWork(name: Name, stdout: string, resources: number): void {
  const expected: Partial<Record<Name, string>> = {
    judged: `+ ${String(resources + 1)} to create`,
    plain: `+ ${String(resources + 1)} to create`,
    declared: `+ ${String(resources + 1)} to create`,
    empty: "+ 1 to create",
    alone: String(resources),
  };
  const wanted = expected[name];
  if (wanted === undefined || stdout.includes(wanted)) return;
  throw problem("The contestants of the benchmark do not do the same work", {
    property: name,
    found: stdout.trim().split("\n").slice(-6).join("\n"),
    expected: wanted,
    fix: "put bench/floor right, then npm run bench -- preview",
  });
}
