import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process beyond doubt: numbers are used again, a number with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** Who we are. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? "unknown" };
}

/** Whether that very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.started;
}

/** When the process started, in a form that only serves comparison; undefined when there is none. */
export function startOf(pid: number): string | undefined {
  return process.platform === "linux" ? startFromProc(pid) : startFromPs(pid);
}

function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    // The command name is in parentheses and may hold spaces: count from the last one. State is field 3, start field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const output = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", stdio: "pipe" });
    return output.trim() || undefined;
  } catch {
    return undefined;
  }
}
