import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessIdentity } from "#helpers/processes/process-identity.ts";
import {
  commandOf,
  endAll,
  environmentOf,
  findProcesses,
  identities,
  processes,
} from "#helpers/processes/processes.ts";
import { problem } from "#helpers/terminal/report.ts";
import { tryHost, hostEnvironment } from "./host-command.ts";
import { Incus } from "./incus.ts";
import { incusd } from "./install.ts";
import { mountsBelow, unmountBelow } from "./mounts.ts";
import { runDirectory } from "./paths.ts";
import type { IncusFiles } from "./paths.ts";

const answerMs = 60_000;
const pollMs = 100;
const stopSeconds = 20;

/** Where the packages' hooks look for it. */
const lxcfsMount = "/var/lib/lxcfs";
const lxcfsMark = `--pidfile=${join(runDirectory, "lxcfs.pid")}`;

/** Our incusd, of this lab alone: an Incus that the operator has for himself is another one. */
export async function ensureDaemon(files: IncusFiles): Promise<Incus> {
  const incus = new Incus(files.socket);
  if (await incus.answers()) return incus;
  await endDaemon(files);
  await mkdir(files.directory, { recursive: true, mode: 0o711 });
  const running = await startDetached([incusd, daemonMark(files)], files.log, { INCUS_DIR: files.directory });
  const deadline = Date.now() + answerMs;
  while (!(await incus.answers())) {
    if (!running() || Date.now() > deadline) throw await notStarted("Incus", files.log);
    await sleep(pollMs);
  }
  return incus;
}

/**
 * Ends the daemon, and what it had begun and now nobody waits for: a name server of which it had not yet written down
 * that it runs, a client, an unpacker. Machines that run go on running.
 */
export async function endDaemon(files: IncusFiles, seconds = stopSeconds): Promise<void> {
  await endAll(findProcesses(daemonMark(files)), seconds);
  await endAll(labProcesses(files).filter(({ pid }) => !isMonitor(pid) && !isForwarder(pid)));
}

/** Every process that has something of the lab's directory on its command line, and what leads to the registry. */
export function labProcesses(files: IncusFiles): ProcessIdentity[] {
  const ofLab = ({ pid }: ProcessIdentity): boolean =>
    commandOf(pid).some((word) => word.includes(`${files.mounted}/`)) || isForwarder(pid, files);
  return processes().filter(ofLab);
}

/** Ends what listens in machines that are gone: it would hold on to their network. */
export async function endStaleForwarders(files: IncusFiles): Promise<void> {
  const ours = labProcesses(files).filter(({ pid }) => isForwarder(pid));
  await endAll(ours.filter(({ pid }) => identities([Number(commandOf(pid)[3])]).length === 0));
}

/** Whether the process is there that LXC has beside each machine that runs. */
export function hasMonitor(files: IncusFiles, instance: string): boolean {
  return labProcesses(files).some(
    ({ pid }) => isMonitor(pid) && commandOf(pid).join(" ").trimEnd().endsWith(` ${instance}`),
  );
}

/** Whether the bridge has what hands out addresses and answers for names on it. */
export function servesAddresses(files: IncusFiles, bridge: string): boolean {
  return labProcesses(files).some(({ pid }) => commandOf(pid).includes(`--interface=${bridge}`));
}

/** LXC's own process beside each machine; it writes what it is into its whole command line. */
function isMonitor(pid: number): boolean {
  return commandOf(pid)[0]?.startsWith("[lxc monitor]") === true;
}

/** Incus' own process that listens in a machine and connects on the host; only its environment tells whose it is. */
function isForwarder(pid: number, files?: IncusFiles): boolean {
  const [program, command] = commandOf(pid);
  if (program !== incusd || command !== "forkproxy") return false;
  return files === undefined || environmentOf(pid).includes(`INCUS_DIR=${files.directory}`);
}

function daemonMark({ log }: IncusFiles): string {
  return `--logfile=${log}`;
}

/**
 * lxcfs shows a machine its own limits in the place of the host's memory and processors.
 *
 * @returns whether it was started just now: what ran before does not see it
 */
export async function ensureLxcfs(): Promise<boolean> {
  if (existsSync(join(lxcfsMount, "proc", "meminfo"))) return false;
  // One that was killed leaves a mount behind on which every access fails.
  await endAll(findProcesses(lxcfsMark));
  await unmountBelow(lxcfsMount);
  await mkdir(lxcfsMount, { recursive: true });
  const log = join(runDirectory, "lxcfs.log");
  const running = await startDetached(["lxcfs", lxcfsMark, lxcfsMount], log, {});
  const deadline = Date.now() + answerMs;
  while (!existsSync(join(lxcfsMount, "proc", "meminfo"))) {
    if (!running() || Date.now() > deadline) throw await notStarted("lxcfs", log);
    await sleep(pollMs);
  }
  return true;
}

/** Ends the lxcfs that we started; one of the host's own stays. */
export async function endLxcfs(): Promise<void> {
  const ours = findProcesses(lxcfsMark);
  if (ours.length === 0) return;
  await endAll(ours);
  if ((await mountsBelow(lxcfsMount)).length > 0) await unmountBelow(lxcfsMount);
}

/** Starts a program that outlives this one. */
async function startDetached(
  [program = "", ...args]: readonly string[],
  log: string,
  environment: Readonly<Record<string, string>>,
): Promise<() => boolean> {
  await mkdir(dirname(log), { recursive: true, mode: 0o711 });
  const output = await open(log, "a", 0o600);
  // On its own: Ctrl-C in this terminal is not meant for it, and none of this process' settings is either.
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
    cwd: "/",
    env: { ...hostEnvironment, HOME: "/", ...environment },
  });
  let runs = true;
  child.once("exit", () => (runs = false));
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  await output.close();
  child.unref();
  return () => runs;
}

async function notStarted(name: string, log: string): Promise<Error> {
  const text = await readFile(log, "utf8").catch(() => "");
  return problem(`${name} does not start`, {
    property: log,
    found: text.trim().split("\n").slice(-8).join("\n") || "no output",
    expected: `an answer within ${String(answerMs / 1000)} seconds`,
    fix: "put right what the lines above say and run the same command again",
  });
}

/** Whether any lab of this host has its store mounted. */
export async function anyLabMounted(): Promise<boolean> {
  return (await mountsBelow(runDirectory)).length > 0;
}

/** Runs the daemon's own client, for what it does better than a plain call: sending an image. */
export async function incusClient({ directory }: IncusFiles, args: readonly string[]): Promise<string | undefined> {
  return tryHost("env", [`INCUS_DIR=${directory}`, `INCUS_CONF=${join(directory, "client")}`, "incus", ...args]);
}
