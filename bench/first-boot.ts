import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { cacheDirectory } from "../helpers/files/directories.ts";
import { checkout } from "../helpers/files/directories.ts";
import { withProgress } from "../helpers/terminal/progress.ts";
import { problem, ProblemReport } from "../helpers/terminal/report.ts";
import { readLabFacts } from "../lab/machines/facts.ts";
import { labOf } from "../lab/machines/lab-of.ts";
import type { Lab } from "../lab/machines/lab-of.ts";
import { bringUp, prepareLab } from "../lab/machines/lab.ts";
import { machineSpecs } from "../lab/machines/machine-spec.ts";
import type { MachineSpec } from "../lab/machines/machine-spec.ts";
import { labFiles } from "../lab/machines/paths.ts";
import { onMachine } from "../lab/machines/ssh.ts";
import { takeDown, takeDownMachines } from "../lab/machines/take-down.ts";
import { observeCircumstances, renderMeasurements } from "./report.ts";
import type { Circumstances } from "./report.ts";
import { summarise } from "./statistics.ts";
import type { Summary } from "./statistics.ts";

const role = "office";

/** How long the parts of a machine's first boot take, in seconds. What follows its systemd goes on side by side. */
const parts = {
  unpack: "the image is unpacked",
  start: "from there until its systemd runs",
  ssh: "from systemd until sshd listens",
  docker: "from systemd until Docker answers",
  cloudInit: "from systemd until cloud-init is done",
  ready: "from nothing to ready: all of it, seen from outside",
} as const;

type Part = keyof typeof parts;
type FirstBoot = Readonly<Record<Part, number>>;

/** What the first boots of a benchmark took. */
interface FirstBootResult {
  readonly circumstances: Circumstances;
  readonly rounds: number;
  readonly measured: readonly { readonly title: string; readonly seconds: Summary }[];
}

/** When what happened, in seconds of the clock that host and machine share. */
interface Moments {
  readonly unpacking: number;
  readonly starting: number;
  readonly ready: number;
}

/** Has machines born in a lab of the benchmark's own, one after the other, and removes them and it. */
export async function measureFirstBoot(runs: number): Promise<FirstBootResult> {
  requireRoot();
  const circumstances = await observeCircumstances(undefined, "no engine");
  // A lab belongs to a state directory, and a person's is not touched. Always the same one: the next run finds what
  // an interrupted one has left.
  const state = join(cacheDirectory(), "bench-first-boot");
  process.env.XDG_STATE_HOME = state;
  const boots = await withProgress("Measuring first boots", async (progress) => {
    const tell = (detail: string): void => {
      progress.update(detail);
    };
    const left = await readLabFacts(labFiles());
    if (left !== undefined) await endLab(labOf(left));
    const lab = labOf((await prepareLab(tell)).facts);
    try {
      return await allFirstBoots(lab, runs, tell);
    } finally {
      await endLab(lab);
    }
  });
  await rm(state, { recursive: true, force: true });
  return { circumstances, rounds: boots.length, measured: summariseFirstBoots(boots) };
}

async function allFirstBoots(lab: Lab, runs: number, tell: (detail: string) => void): Promise<FirstBoot[]> {
  const specs = await machineSpecs(checkout);
  const boots: FirstBoot[] = [];
  for (let round = 1; round <= runs; round += 1) {
    const at = `round ${String(round)} of ${String(runs)}`;
    boots.push(
      await oneFirstBoot(lab, specs, (detail) => {
        tell(`${at}: ${detail}`);
      }),
    );
  }
  return boots;
}

export function renderFirstBoot({ circumstances, rounds, measured }: FirstBootResult): string {
  return renderMeasurements(
    circumstances,
    `First boot of a machine: ${String(rounds)} rounds, median (least to most)`,
    measured,
  );
}

export function summariseFirstBoots(boots: readonly FirstBoot[]): FirstBootResult["measured"] {
  const names = Object.keys(parts) as Part[];
  return names.map((name) => ({ title: parts[name], seconds: summarise(boots.map((boot) => boot[name])) }));
}

async function oneFirstBoot(
  lab: Lab,
  specs: readonly MachineSpec[],
  tell: (detail: string) => void,
): Promise<FirstBoot> {
  const seen: { unpacking?: number; starting?: number } = {};
  await bringUp(specs, [role], (detail) => {
    if (detail === `${role}: unpacking the image`) seen.unpacking = now();
    if (detail === `${role}: starting`) seen.starting ??= now();
    tell(detail);
  });
  const ready = now();
  const { unpacking, starting } = seen;
  if (unpacking === undefined || starting === undefined) throw new Error("the machine was not born in this run");
  const said = await onMachine(lab.files, role, question);
  const boot = readFirstBoot({ unpacking, starting, ready }, said.stdout);
  await takeDownMachines(lab, [role]);
  return boot;
}

/** In the order of the answer. */
const units = ["ssh.service", "docker.service", "cloud-final.service"];
const question = [
  "systemctl show --value -p UserspaceTimestampMonotonic",
  ...units.map((unit) => `systemctl show --value -p ActiveEnterTimestampMonotonic ${unit}`),
].join("; ");

const answerSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]).refine((all) => !all.includes(0));

/** What a first boot took, by the moments seen from outside and what its systemd says: microseconds of the same clock. */
export function readFirstBoot({ unpacking, starting, ready }: Moments, answer: string): FirstBoot {
  const read = answerSchema.safeParse(answer.trim().split("\n").map(Number));
  if (!read.success) throw new Error(`not what systemd says of its units: ${JSON.stringify(answer)}`);
  const [systemd, ssh, docker, cloudInit] = read.data.map((microseconds) => microseconds / 1e6) as [
    number,
    number,
    number,
    number,
  ];
  return {
    unpack: starting - unpacking,
    start: systemd - starting,
    ssh: ssh - systemd,
    docker: docker - systemd,
    cloudInit: cloudInit - systemd,
    ready: ready - unpacking,
  };
}

/** Seconds of the kernel's clock, which containers share. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

async function endLab(lab: Lab): Promise<void> {
  const left = await takeDown(lab);
  if (left.length === 0) return;
  throw new ProblemReport(
    "Something of the benchmark's lab is left",
    left.map(({ what, next }) => ({
      property: what,
      found: "still there",
      expected: "removed with the lab",
      fix: next,
    })),
  );
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw problem("Machines can be made by root only", {
    property: "npm run bench -- first-boot",
    found: "a user without those rights",
    expected: "root on Linux",
    fix: "sudo npm run bench -- first-boot",
  });
}
