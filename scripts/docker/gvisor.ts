import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { execa } from "execa";
import { GVISOR, GVISOR_ARGUMENTS, GVISOR_COMMAND } from "#components/container/gvisor.ts";
import { ensureProgram } from "#helpers/programs/host-program.ts";
import { isAlive } from "#helpers/processes/process-identity.ts";
import { problem } from "#helpers/terminal/report.ts";
import { dockerAddress, localSocket } from "#helpers/docker/ping.ts";
import { ourDaemon } from "./start.ts";

const configuration = "/etc/docker/daemon.json";
const reloadMs = 10_000;
const pollMs = 100;

/**
 * Makes sure that the daemon knows gVisor, under which agents run. A daemon that the lab started is told about it while it
 * runs; somebody else's is left alone.
 *
 * @param brought whether this run has brought the daemon
 * @throws {ProblemReport} where the daemon is somebody else's and does not know it, with what to type
 */
export async function ensureGvisor(docker: Docker, brought: boolean, again: string): Promise<void> {
  if (await isRegistered(docker)) return;
  const known = Object.keys(await runtimesOf(docker)).sort();
  if (!brought && !(await isOurs())) throw notRegistered(known, `${GVISOR_COMMAND}, then ${again}`);
  console.error(`  Registering gVisor (${GVISOR}), which agents run under, with Docker`);
  const without = "Agents run under gVisor, and it cannot be installed";
  const program = await ensureProgram({ program: GVISOR, packageName: "runsc", without });
  await execa(program, ["install", "--config_file", configuration, "--", ...GVISOR_ARGUMENTS.debian]);
  await reload();
  const deadline = Date.now() + reloadMs;
  while (!(await isRegistered(docker))) {
    if (Date.now() > deadline) throw notRegistered(known, `sudo systemctl restart docker, then ${again}`);
    await sleep(pollMs);
  }
}

type Runtimes = Readonly<Record<string, { readonly runtimeArgs?: readonly string[] }>>;

async function runtimesOf(docker: Docker): Promise<Runtimes> {
  const { Runtimes: runtimes = {} } = (await docker.info()) as { readonly Runtimes?: Runtimes };
  return runtimes;
}

/** Without `--oci-seccomp` gVisor ignores the container's seccomp profile. */
async function isRegistered(docker: Docker): Promise<boolean> {
  return (await runtimesOf(docker))[GVISOR]?.runtimeArgs?.includes("--oci-seccomp") ?? false;
}

async function isOurs(): Promise<boolean> {
  if (process.getuid?.() !== 0 || dockerAddress() !== `unix://${localSocket}`) return false;
  const daemon = await ourDaemon();
  return daemon !== undefined && isAlive(daemon);
}

/** Docker reads its runtimes again on SIGHUP, and nothing is restarted. */
async function reload(): Promise<void> {
  process.kill(Number(await readFile("/var/run/docker.pid", "utf8")), "SIGHUP");
}

function notRegistered(known: readonly string[], next: string): Error {
  return problem("Agents run under gVisor, and this Docker daemon does not know it", {
    property: dockerAddress(),
    found: `the runtimes ${known.join(", ")}`,
    expected: `a runtime named ${GVISOR}, started with --oci-seccomp`,
    fix: next,
  });
}
