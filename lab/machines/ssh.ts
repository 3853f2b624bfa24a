import { execa } from "execa";
import { hostEnvironment } from "./host-command.ts";
import type { LabFiles } from "./paths.ts";

/** What a command on a machine said; `exitCode` 255 is ssh's own: the machine was not reached. */
export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The arguments by which ssh reaches a machine of the lab. */
export function sshArguments(files: LabFiles, role: string): string[] {
  return ["-F", files.sshConfig, role];
}

/** Runs a command on a machine, with no question asked; never throws. */
export async function onMachine(files: LabFiles, role: string, command: string, seconds = 30): Promise<Said> {
  const ran = await execa("ssh", ["-o", "BatchMode=yes", ...sshArguments(files, role), command], {
    reject: false,
    stdin: "ignore",
    timeout: seconds * 1000,
    env: hostEnvironment,
  });
  return { exitCode: ran.exitCode ?? 255, stdout: ran.stdout, stderr: ran.stderr };
}
