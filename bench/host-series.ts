import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDocker } from "../scripts/docker/ensure.ts";
import type { Progress } from "../helpers/terminal/progress.ts";
import { ansibleVersion, ensureAnsible } from "./ansible-tool.ts";
import {
  ansibleCommand,
  dropConnections,
  emptyBenchHost,
  garrisonCommand,
  hostWork,
  makeBenchHost,
  requireSame,
} from "./host-machine.ts";
import type { BenchHost } from "./host-machine.ts";
import { time } from "./measure.ts";
import type { Sample, Timed } from "./measure.ts";
import { conclude } from "./series.ts";
import type { Comparison, Contestant, SeriesResult } from "./series.ts";

const contestants = [
  { name: "apply", title: "60 files and units: our bundle" },
  { name: "again", title: "the same again, nothing to change" },
  { name: "ansible", title: "60 files and units: Ansible" },
  { name: "ansibleAgain", title: "the same again, nothing to change" },
] as const satisfies readonly Contestant<string>[];

type Name = (typeof contestants)[number]["name"];

const comparisons: readonly Comparison<Name>[] = [
  { title: "apply ÷ Ansible", of: "apply", by: "ansible", aim: 0.1 },
  { title: "again ÷ Ansible again", of: "again", by: "ansibleAgain", aim: 0.05 },
];

/** Measures the configuration of a machine against Ansible doing the same over ssh, on two machines of one kind. */
export async function measureHost(runs: number, progress: Progress): Promise<SeriesResult> {
  progress.update("Ansible");
  const playbook = await ensureAnsible();
  await ensureDocker();
  const directory = await mkdtemp(join(tmpdir(), "garrison-bench-host-"));
  const hosts: BenchHost[] = [];
  try {
    progress.update("two machines");
    const work = hostWork();
    const name = `garrison-bench-${String(process.pid)}`;
    const ours = await makeBenchHost(`${name}-ours`, directory);
    hosts.push(ours);
    const theirs = await makeBenchHost(`${name}-theirs`, directory);
    hosts.push(theirs);
    const pairs = [
      { first: "apply", again: "again", host: ours, command: await garrisonCommand(ours, work, directory) },
      {
        first: "ansible",
        again: "ansibleAgain",
        host: theirs,
        command: await ansibleCommand(theirs, playbook, work, directory),
      },
    ] as const;
    const rounds: Record<Name, Sample>[] = [];
    for (let round = 1; round <= runs; round += 1) {
      const samples: Partial<Record<Name, Sample>> = {};
      for (const { first, again, host, command } of round % 2 === 0 ? pairs : pairs.toReversed()) {
        progress.update(`round ${String(round)} of ${String(runs)}: ${first}`);
        await emptyBenchHost(host, work);
        samples[first] = await measured(host, command);
        samples[again] = await measured(host, command);
      }
      await requireSame(ours, theirs, work);
      rounds.push(samples as Record<Name, Sample>);
    }
    return conclude({
      title: "Host",
      contestants,
      comparisons,
      rounds,
      notes: [`Ansible core ${ansibleVersion}, pipelining, one lasting connection a run, no facts gathered`],
    });
  } finally {
    for (const { machine } of hosts) await machine.remove();
    await rm(directory, { recursive: true, force: true });
  }
}

async function measured({ machine }: BenchHost, command: Timed): Promise<Sample> {
  await dropConnections(machine);
  const { seconds, cpuSeconds } = await time(command);
  return { seconds, cpuSeconds };
}
