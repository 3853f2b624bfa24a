import { execa } from "execa";
import { systemPath } from "#helpers/programs/executable.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { problem } from "#helpers/terminal/report.ts";

/** An ordinary user's PATH leaves out where these programs are. */
export const hostEnvironment = { PATH: systemPath().join(":"), LC_ALL: "C.UTF-8" };

/** Runs a program of the host; its refusal is a report. */
export async function runHost(program: string, args: readonly string[], input?: string): Promise<string> {
  const ran = await execa(program, args, {
    reject: false,
    env: hostEnvironment,
    ...(input === undefined ? { stdin: "ignore" } : { input }),
  });
  if (ran.exitCode === 0) return ran.stdout;
  throw problem("The host refuses what the lab's machines need", {
    property: [program, ...args].join(" "),
    found: firstText(ran.stderr, ran.stdout, ran.shortMessage),
    expected: "exit code 0",
    fix: "put right what the line above says and run the same command again",
  });
}

/** What it printed; undefined when it failed, where that is an answer too. */
export async function tryHost(program: string, args: readonly string[]): Promise<string | undefined> {
  const ran = await execa(program, args, { reject: false, stdin: "ignore", env: hostEnvironment });
  return ran.exitCode === 0 ? ran.stdout : undefined;
}
