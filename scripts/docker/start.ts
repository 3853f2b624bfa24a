import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { startOf } from "#helpers/processes/process-identity.ts";
import type { ProcessIdentity } from "#helpers/processes/process-identity.ts";
import { startProgress } from "#helpers/terminal/progress.ts";
import { problem } from "#helpers/terminal/report.ts";
import { localSocket, pingDocker } from "#helpers/docker/ping.ts";
import type { DockerAnswer } from "#helpers/docker/ping.ts";

const answerTimeoutMs = 90_000;
const pollMs = 300;
const tailLines = 15;
const goneWithinMs = 3000;
const pidFiles = [
  { file: "/var/run/docker.pid", program: "dockerd" },
  { file: "/var/run/docker/containerd/containerd.pid", program: "containerd" },
];

/** Where a daemon that we started writes to. */
function daemonLog(): string {
  return join(cacheDirectory(), "logs", "dockerd.log");
}

/** Which process a daemon that we started is; what cleans up after us reads it. */
function daemonRecord(): string {
  return join(cacheDirectory(), "run", "dockerd.json");
}

/** The daemon that we started last; undefined where systemd has it, or where we started none. */
export async function ourDaemon(): Promise<ProcessIdentity | undefined> {
  const record = await readFile(daemonRecord(), "utf8").catch(() => undefined);
  return record === undefined ? undefined : (JSON.parse(record) as ProcessIdentity);
}

/** Starts the installed daemon, by systemd where that runs the machine, and waits until it answers. */
export async function startDaemon(): Promise<DockerAnswer> {
  const progress = startProgress("Starting Docker");
  try {
    await requireIptables();
    const started = existsSync("/run/systemd/system") ? await startUnit() : await startDetached();
    const answer = await untilAnswer(started);
    progress.done(`version ${answer.version ?? "unknown"}`);
    return answer;
  } catch (error) {
    progress.fail();
    throw error;
  }
}

/** A started daemon, as far as waiting for it is concerned. */
interface Started {
  /** Why it is gone already; undefined while it runs. */
  ended(): string | undefined;
  /** The end of what it wrote. */
  tail(): Promise<string>;
}

async function startUnit(): Promise<Started> {
  const asked = await execa("systemctl", ["start", "docker"], { reject: false, stdin: "ignore" });
  return {
    ended: () => (asked.exitCode === 0 ? undefined : `systemctl start docker: ${asked.stderr}`),
    tail: async () =>
      (await execa("journalctl", ["-u", "docker", "-n", String(tailLines), "--no-pager"], { reject: false })).stdout,
  };
}

async function startDetached(): Promise<Started> {
  await removeStalePidFiles();
  const log = daemonLog();
  await mkdir(dirname(log), { recursive: true });
  const output = await open(log, "w", 0o600);
  let child: ChildProcess;
  try {
    // On its own: it outlives this run, and Ctrl-C in this terminal is not meant for it.
    child = spawn("dockerd", [], { detached: true, stdio: ["ignore", output.fd, output.fd], env: daemonEnvironment() });
  } finally {
    await output.close();
  }
  let failure: string | undefined;
  child.on("error", (error) => (failure = error.message));
  child.on("exit", (code, signal) => (failure = `dockerd ended (${signal ?? `exit code ${String(code)}`})`));
  child.unref();
  if (child.pid !== undefined) {
    const record = { pid: child.pid, started: startOf(child.pid) ?? "unknown" };
    await writeFileAtomic(daemonRecord(), JSON.stringify(record));
  }
  return {
    ended: () => failure,
    tail: async () => lastLines(await readFile(log, "utf8").catch(() => "")),
  };
}

// A stray DOCKER_HOST of the caller is meant for clients, and a mark of this run must not stick to what outlives it.
function daemonEnvironment(): NodeJS.ProcessEnv {
  const foreign = ["DOCKER_", "npm_", "GARRISON_"];
  const own = Object.entries(process.env).filter(([name]) => !foreign.some((prefix) => name.startsWith(prefix)));
  return { ...Object.fromEntries(own), PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
}

async function untilAnswer(started: Started): Promise<DockerAnswer> {
  const deadline = Date.now() + answerTimeoutMs;
  for (;;) {
    const answer = await pingDocker(2000);
    if (answer.version !== undefined) return answer;
    const ended = started.ended();
    if (ended !== undefined || Date.now() > deadline) {
      throw problem("The Docker daemon does not start", {
        property: `unix://${localSocket}`,
        found: `${ended ?? answer.reason ?? "no answer"}\n${await started.tail()}`,
        expected: `an answer within ${String(answerTimeoutMs / 1000)} s`,
        fix: "put right what the lines above say and run the same command again; npm run preview works without a daemon",
      });
    }
    await sleep(pollMs);
  }
}

/**
 * A killed daemon leaves its pid file and that of its containerd. Should another program have that number now, dockerd
 * would refuse to start; a containerd that nobody has collected yet it would take for alive, and wait for in vain.
 */
async function removeStalePidFiles(): Promise<void> {
  for (const { file, program } of pidFiles) {
    const pid = Number(await readFile(file, "utf8").catch(() => ""));
    if (pid > 0 && !(await outlives(pid, program))) await rm(file, { force: true });
  }
}

/** Whether the process is that program and stays. A containerd goes with its dockerd, but not in the same instant. */
async function outlives(pid: number, program: string): Promise<boolean> {
  const deadline = Date.now() + goneWithinMs;
  while (startOf(pid) !== undefined) {
    const name = await readFile(`/proc/${String(pid)}/comm`, "utf8").catch(() => "");
    if (name.trim() !== program) return false;
    if (Date.now() > deadline) return true;
    await sleep(pollMs);
  }
  return false;
}

async function requireIptables(): Promise<void> {
  const env = { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
  const list = (program: string) => execa(program, ["-t", "nat", "-S"], { reject: false, stdin: "ignore", env });
  const asked = await list("iptables");
  if (asked.exitCode === 0) return;
  const legacy = await list("iptables-legacy");
  throw problem("Docker needs iptables, and it does not work here", {
    property: "iptables -t nat -S",
    found: firstText(asked.stderr, asked.shortMessage),
    expected: "the list of the rules",
    fix:
      legacy.exitCode === 0
        ? "update-alternatives --set iptables /usr/sbin/iptables-legacy, then run the same command again"
        : "apt-get install iptables, or load the kernel's nat modules (in a container: give it NET_ADMIN)",
  });
}

/** What matters at the end of the daemon's log: its errors; where it names none, simply the last lines. */
export function lastLines(text: string): string {
  const lines = text.trimEnd().split("\n");
  const errors = lines.filter((line) => !line.startsWith("time=") || /level=(error|fatal)/.test(line));
  return (errors.length > 0 ? errors : lines).slice(-tailLines).join("\n");
}
