import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { openEstate, settleNetwork } from "../lab/estate/estate.ts";
import { estateFiles } from "../lab/estate/paths.ts";
import { ensureLabImages } from "../lab/images/ensure.ts";
import { ensureDocker } from "../scripts/docker/ensure.ts";
import { aloneOn } from "../scripts/engine/choice.ts";
import { openSession } from "../scripts/engine/session.ts";
import type { Session } from "../scripts/engine/session.ts";
import { withProgress } from "../helpers/terminal/progress.ts";
import { office } from "../stacks/office.ts";
import { makeComposeMachine, removeComposeMachine } from "./compose-machine.ts";
import type { ComposeMachine } from "./compose-machine.ts";
import { ensureCompose } from "./compose-tool.ts";
import { emptyGarrisonMachine, makeGarrisonMachine, removeGarrisonMachine } from "./garrison-machine.ts";
import type { GarrisonMachine } from "./garrison-machine.ts";
import { holdBlock, releaseBlocks } from "./hold-block.ts";
import { measureGvisor } from "./gvisor-series.ts";
import { measureHost } from "./host-series.ts";
import { profilePreview } from "./profile.ts";
import type { ProcessProfile } from "./profile.ts";
import { measurePlanner } from "./planner-series.ts";
import { measurePolicies, measurePoliciesInPreview } from "./policies-series.ts";
import { measurePreview } from "./preview-series.ts";
import { observeCircumstances } from "./report.ts";
import type { BenchmarkResult } from "./report.ts";
import type { SeriesResult } from "./series.ts";
import { measureUp } from "./up-series.ts";

export type SeriesName = "planner" | "host" | "gvisor" | "policies" | "preview" | "up";

/** The benchmark's own estates: nothing of a person's is touched, and two of them can run side by side. */
const estates = { garrison: "bench", compose: "bench-compose" };
const stack = "office";

/** Everything that is measured. */
interface Bed {
  readonly garrison: GarrisonMachine;
  readonly compose: ComposeMachine;
  readonly docker: Docker;
  /** A directory that goes with it. */
  readonly scratch: string;
}

/** Runs the benchmarks. What needs estates has its own, which are removed again, also when a run fails. */
export async function runBenchmarks(names: readonly SeriesName[], runs: number): Promise<BenchmarkResult> {
  const series: SeriesResult[] = [];
  const load = loadavg();
  if (names.includes("planner")) {
    series.push(await withProgress("Measuring the planner", (progress) => measurePlanner(runs, progress)));
  }
  if (names.includes("host")) {
    series.push(
      await withProgress("Measuring the configuration of a machine", (progress) => measureHost(runs, progress)),
    );
  }
  if (names.includes("gvisor")) {
    series.push(await withProgress("Measuring gVisor", (progress) => measureGvisor(runs, progress)));
  }
  if (names.every((name) => name === "planner" || name === "host" || name === "gvisor")) {
    const docker = names.every((name) => name === "planner") ? undefined : new Docker();
    return { circumstances: await observeCircumstances(docker, "no engine", load), series };
  }
  if (names.includes("policies")) {
    series.push(await withProgress("Measuring the policies", (progress) => measurePolicies(runs, progress)));
  }
  return withBed(names.includes("up"), async ({ garrison, compose, docker }) => {
    const circumstances = await observeCircumstances(docker, `${garrison.session.toolchain.kind} engine`);
    if (names.includes("policies")) {
      series.push(
        await withProgress("Measuring the policies in a preview", (progress) =>
          measurePoliciesInPreview(garrison, runs, progress),
        ),
      );
    }
    if (names.includes("preview")) {
      series.push(
        await withProgress("Measuring preview", (progress) => measurePreview(garrison, compose, runs, progress)),
      );
    }
    if (names.includes("up")) {
      series.push(
        await withProgress("Measuring up", (progress) => measureUp(garrison, compose, docker, runs, progress)),
      );
    }
    return { circumstances, series };
  });
}

/** Where the processor time of a preview goes, process by process. */
export function profileBenchmark(): Promise<ProcessProfile[]> {
  return withBed(false, ({ garrison, scratch }) =>
    withProgress("Profiling preview", () => profilePreview(garrison, scratch)),
  );
}

/** Makes the estates ready. Whatever happens, nothing of them stays deployed; after success their state goes too. */
async function withBed<T>(images: boolean, work: (bed: Bed) => Promise<T>): Promise<T> {
  await ensureDocker();
  const docker = new Docker();
  const tool = await ensureCompose();
  const session = await openSession({ stack, estate: estates.garrison });
  const scratch = await mkdtemp(join(tmpdir(), "garrison-bench-"));
  try {
    const result = await aloneOn(session.estate, async () => {
      await releaseBlocks(docker);
      const garrison = makeGarrisonMachine(session, scratch);
      await emptyGarrisonMachine(garrison, docker);
      const beside = await settleNetwork(await openEstate(estates.compose, stack, docker), docker);
      const compose = await makeComposeMachine({
        compose: tool,
        estate: beside,
        definition: office,
        daemon: session.daemon,
        imagesLock: images ? await buildImages(session, docker) : undefined,
        directory: scratch,
      });
      await removeComposeMachine(compose, docker);
      for (const { id, network } of [session.estate, beside]) await holdBlock(docker, id, network);
      try {
        return await work({ garrison, compose, docker, scratch });
      } finally {
        await removeComposeMachine(compose, docker);
        await removeGarrisonMachine(garrison, docker);
        await releaseBlocks(docker);
      }
    });
    // Only now: nothing is deployed any more, and the lock of the estate has been given back.
    for (const name of Object.values(estates)) {
      await rm(estateFiles(name, stack).directory, { recursive: true, force: true });
    }
    return result;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Builds the lab's images and has the daemon hold them: how long a pull takes is not what is measured. */
async function buildImages({ estate }: Session, docker: Docker): Promise<string> {
  const lockFile = estate.files.imagesLock;
  await withProgress("Lab images", async (progress) => {
    const say = (message: string): void => {
      progress.update(message);
    };
    const { images } = await ensureLabImages({ services: office.services, lockFile, docker, progress: say });
    for (const { repository, digest } of Object.values(images)) {
      const reference = `${repository}@${digest}`;
      say(`having the daemon hold ${reference}`);
      await pull(docker, reference);
    }
  });
  return lockFile;
}

async function pull(docker: Docker, reference: string): Promise<void> {
  const stream = await docker.pull(reference);
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
