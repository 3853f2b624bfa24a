import { execa } from "execa";
import { firstText } from "../helpers/terminal/first-text.ts";
import { problem } from "../helpers/terminal/report.ts";

/** What one run took. */
export interface Sample {
  /** By the clock on the wall. */
  readonly seconds: number;
  /** Of processors, by the command and everything it started; a Docker daemon's work is not in it. */
  readonly cpuSeconds: number;
}

export interface Timed {
  readonly file: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface TimedRun extends Sample {
  readonly stdout: string;
}

/** A shell's `times` knows what all processes below it used, also those that were gone before it was asked. */
const withTimes = '"$@"; code=$?; times >&3; exit "$code"';

/** Runs a command to its end. @throws {ProblemReport} when it fails: a failed run is no measurement */
export async function time(command: Timed): Promise<TimedRun> {
  const begun = performance.now();
  const ended = await execa("sh", ["-c", withTimes, "sh", command.file, ...command.args], {
    cwd: command.directory,
    env: command.environment,
    extendEnv: false,
    reject: false,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    maxBuffer: 100_000_000,
  });
  const seconds = (performance.now() - begun) / 1000;
  if (ended.exitCode === 0) {
    return { seconds, cpuSeconds: parseTimes(ended.stdio[3]), stdout: ended.stdout };
  }
  const words = [command.file.slice(command.file.lastIndexOf("/") + 1), ...command.args];
  throw problem("A run that was to be measured failed", {
    property: words.join(" "),
    found: tail(firstText([ended.stdout, ended.stderr].join("\n"), ended.shortMessage)),
    expected: "exit code 0",
    fix: "npm run doctor, then npm run bench again",
  });
}

/** The second line of POSIX `times`: user and system time of the children, as `1m2.345s 0m0.678s`. */
export function parseTimes(text: string): number {
  const [user, system] = (text.trim().split("\n")[1] ?? "").trim().split(/\s+/).map(parseMinutes);
  if (user === undefined || system === undefined) throw new Error(`not the output of times: ${JSON.stringify(text)}`);
  return user + system;
}

function parseMinutes(word: string): number | undefined {
  const match = /^(\d+)m(\d+(?:[.,]\d+)?)s$/.exec(word);
  return match === null ? undefined : Number(match[1]) * 60 + Number((match[2] ?? "").replace(",", "."));
}

function tail(text: string): string {
  return text.trimEnd().split("\n").slice(-25).join("\n");
}
