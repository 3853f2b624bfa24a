import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readlinkSync, statSync } from "node:fs";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commandOf, endAll, findProcesses, processes } from "#helpers/processes/processes.ts";
import { problem } from "#helpers/terminal/report.ts";
import { hasVersion6 } from "./layout.ts";
import type { InternetLayout } from "./layout.ts";
import { namespaceFile } from "./network-state.ts";
import { resolverArguments } from "./resolver.ts";
import { socketsSeenBy, wantedSockets } from "./sockets.ts";

const startSeconds = 20;
const pollMs = 20;

/** A program of the lab internet. */
interface InternetProgram {
  readonly name: string;
  /** Its whole command line. One that runs with another is an older one. */
  readonly command: readonly string[];
  /** The word of the command line that no process but this program of this estate has. */
  readonly mark: string;
  readonly log: string;
  readonly sockets: readonly string[];
}

/**
 * The programs of a lab internet whose files lie in `directory`.
 *
 * @param dnsmasq where the resolver's program lies
 */
export async function internetPrograms(directory: string, dnsmasq: string): Promise<readonly InternetProgram[]> {
  const sockets = wantedSockets(hasVersion6());
  const pidFile = `--pid-file=${join(directory, "dnsmasq.pid")}`;
  const mark = `--internet-of=${directory}`;
  const server = join(import.meta.dirname, "server.ts");
  return [
    {
      name: "resolver",
      command: [dnsmasq, ...resolverArguments, pidFile],
      mark: pidFile,
      log: join(directory, "dnsmasq.log"),
      sockets: sockets.resolver,
    },
    {
      name: "server",
      command: [process.execPath, server, mark, `--version=${await versionOf(directory)}`],
      mark,
      log: join(directory, "server.log"),
      sockets: sockets.server,
    },
  ];
}

/** What of the programs does not run or does not listen, in words. */
export async function missingFromPrograms(
  layout: InternetLayout,
  programs: readonly InternetProgram[],
): Promise<readonly string[]> {
  const missing = programs.map(async ({ name, command, mark, sockets }) => {
    const [running] = findProcesses(mark).filter(({ pid }) => isCurrent(pid, command, layout));
    if (running === undefined) return [`program ${name}`];
    const there = await socketsSeenBy(running.pid);
    return sockets.filter((socket) => !there.has(socket)).map((socket) => `${name}: ${socket}`);
  });
  return (await Promise.all(missing)).flat();
}

/** Starts every program that does not run as it should, after ending what is left of it. */
export async function startPrograms(
  ip: string,
  layout: InternetLayout,
  programs: readonly InternetProgram[],
): Promise<void> {
  await Promise.all(
    programs.map(async (program) => {
      if ((await missingFromPrograms(layout, [program])).length === 0) return;
      await endProcesses(program.mark);
      await start(ip, layout, program);
    }),
  );
}

/** Whether any program of it runs, in whatever namespace. */
export function areRunning(programs: readonly InternetProgram[]): boolean {
  return programs.some(({ mark }) => findProcesses(mark).length > 0);
}

/** Ends the programs, and whatever else lives in the namespace: while it does, the namespace stays. */
export async function endPrograms(layout: InternetLayout, programs: readonly InternetProgram[]): Promise<void> {
  await Promise.all(programs.map(({ mark }) => endProcesses(mark)));
  await endAll(processes().filter(({ pid }) => livesIn(pid, layout)));
}

async function start(ip: string, { namespace }: InternetLayout, program: InternetProgram): Promise<void> {
  await rm(program.log, { force: true });
  const log = openSync(program.log, "a", 0o600);
  // Detached: it outlives the command that started it, and Ctrl-C in that terminal is not meant for it.
  const child = spawn(ip, ["netns", "exec", namespace, ...program.command], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  child.unref();
  await untilListening(program, child.pid ?? 0, () => child.exitCode !== null || child.signalCode !== null);
}

async function untilListening({ name, log, sockets }: InternetProgram, pid: number, ended: () => boolean) {
  const deadline = Date.now() + startSeconds * 1000;
  while (Date.now() < deadline && !ended()) {
    const there = await socketsSeenBy(pid);
    if (sockets.every((socket) => there.has(socket))) return;
    await sleep(pollMs);
  }
  const text = await readFile(log, "utf8").catch(() => "");
  throw problem(`The lab internet's ${name} does not start`, {
    property: log,
    found: text.trim().split("\n").slice(-5).join("\n") || "no output",
    expected: `all its ports open within ${String(startSeconds)} seconds`,
    fix: `less ${log}`,
  });
}

async function endProcesses(mark: string): Promise<void> {
  await endAll(findProcesses(mark));
}

function isCurrent(pid: number, command: readonly string[], layout: InternetLayout): boolean {
  const found = commandOf(pid);
  return found.length === command.length && found.every((word, at) => word === command[at]) && livesIn(pid, layout);
}

// A namespace that was deleted lives on, nameless, with the programs in it.
function livesIn(pid: number, layout: InternetLayout): boolean {
  try {
    return readlinkSync(`/proc/${String(pid)}/ns/net`) === `net:[${String(statSync(namespaceFile(layout)).ino)}]`;
  } catch {
    return false;
  }
}

/** Changes with the code of the program and with what it has read at its start. */
async function versionOf(directory: string): Promise<string> {
  const hash = createHash("sha256");
  const files = (await readdir(import.meta.dirname, { recursive: true })).filter((name) => name.endsWith(".ts")).sort();
  for (const name of files) hash.update(await readFile(join(import.meta.dirname, name)));
  hash.update(await readFile(join(directory, "internet-ca.pem")).catch(() => ""));
  return hash.digest("hex").slice(0, 16);
}
