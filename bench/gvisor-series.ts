import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { GVISOR } from "../components/container/gvisor.ts";
import { agentSeccomp } from "../components/container/seccomp/agent-profile.ts";
import { ensureDocker } from "../scripts/docker/ensure.ts";
import { ensureGvisor } from "../scripts/docker/gvisor.ts";
import { ensureProgram } from "../helpers/programs/host-program.ts";
import type { Progress } from "../helpers/terminal/progress.ts";
import { problem } from "../helpers/terminal/report.ts";
import type { Sample } from "./measure.ts";
import { conclude } from "./series.ts";
import type { Comparison, Contestant, SeriesResult } from "./series.ts";

const contestants = [
  { name: "start", title: "a container that ends at once: runc" },
  { name: "startInside", title: "the same: gVisor" },
  { name: "files", title: "400 files written, read, removed: runc" },
  { name: "filesInside", title: "the same: gVisor" },
] as const satisfies readonly Contestant<string>[];

type Name = (typeof contestants)[number]["name"];

const comparisons: readonly Comparison<Name>[] = [
  { title: "start under gVisor ÷ runc", of: "startInside", by: "start" },
  { title: "files under gVisor ÷ runc", of: "filesInside", by: "files" },
];

const image = "garrison-bench-gvisor";
/** Each file by a process of its own, as a build does it. */
const job = `i=0; while [ $i -lt 400 ]; do /bin/busybox dd if=/dev/zero of=/work/$i bs=4k count=1 2>/dev/null; i=$((i+1)); done
/bin/busybox cat /work/* >/dev/null; /bin/busybox rm /work/*`;

/** Measures what an agent pays for gVisor: its start and a job of many small files. Its memory is told below the tables. */
export async function measureGvisor(runs: number, progress: Progress): Promise<SeriesResult> {
  await ensureDocker();
  const docker = new Docker();
  await ensureGvisor(docker, false, "npm run bench -- gvisor");
  await makeImage();
  try {
    const rounds: Record<Name, Sample>[] = [];
    for (let round = 1; round <= runs; round += 1) {
      progress.update(`round ${String(round)} of ${String(runs)}`);
      const samples: Partial<Record<Name, Sample>> = {};
      const order = round % 2 === 0 ? (["runc", GVISOR] as const) : ([GVISOR, "runc"] as const);
      for (const runtime of order) {
        const inside = runtime === GVISOR;
        samples[inside ? "startInside" : "start"] = await run(docker, runtime, "true");
        samples[inside ? "filesInside" : "files"] = await run(docker, runtime, job);
      }
      rounds.push(samples as Record<Name, Sample>);
    }
    const notes = [
      "idle, MiB of the container's cgroup, the page cache of its programs included: " +
        `runc ${await idle(docker, "runc")}, gVisor ${await idle(docker, GVISOR)}`,
      "processor time is the daemon's and is not seen here",
    ];
    return conclude({ title: "gVisor", contestants, comparisons, rounds, notes });
  } finally {
    await docker.getImage(image).remove({ force: true });
  }
}

/** From the request until the container has ended. */
async function run(docker: Docker, runtime: string, script: string): Promise<Sample> {
  const begun = performance.now();
  const container = await start(docker, runtime, script);
  const { StatusCode: code } = (await container.wait()) as { readonly StatusCode: number };
  const seconds = (performance.now() - begun) / 1000;
  await container.remove({ force: true });
  if (code === 0) return { seconds, cpuSeconds: 0 };
  throw problem("A run that was to be measured failed", {
    property: `${runtime}: ${script}`,
    found: `exit code ${String(code)}`,
    expected: "exit code 0",
    fix: "npm run doctor, then npm run bench -- gvisor",
  });
}

/** As an agent is started: the same limits, the profile of its runtime. */
async function start(docker: Docker, runtime: string, script: string): Promise<Docker.Container> {
  const profile = agentSeccomp(runtime === GVISOR ? "runsc" : "runc");
  const container = await docker.createContainer({
    Image: image,
    Cmd: ["/bin/busybox", "sh", "-c", script],
    User: "20001:20001",
    HostConfig: {
      Runtime: runtime,
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true", `seccomp=${profile}`],
      Memory: 512 * 1024 ** 2,
      Tmpfs: { "/work": "rw,noexec,nosuid,nodev,size=64m,mode=1777" },
    },
  });
  await container.start();
  return container;
}

async function idle(docker: Docker, runtime: string): Promise<string> {
  const container = await start(docker, runtime, "sleep 60");
  try {
    const { memory_stats: memory } = await container.stats({ stream: false });
    return String(Math.round((memory.usage / 1024 ** 2) * 10) / 10);
  } finally {
    await container.remove({ force: true });
  }
}

async function makeImage(): Promise<void> {
  const without = "What gVisor costs cannot be measured";
  const busybox = await ensureProgram({ program: "busybox", packageName: "busybox-static", without });
  const root = await mkdtemp(join(tmpdir(), "garrison-bench-image-"));
  try {
    const commands = `mkdir -m 1777 work && mkdir bin && cp ${busybox} bin/busybox && tar -c . | docker import - ${image}`;
    await execa("sh", ["-euc", commands], { cwd: root });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
