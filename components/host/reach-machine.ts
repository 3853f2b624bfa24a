import { execFile } from "node:child_process";
import type { Problem } from "../lib/problems.ts";
import { setCommand } from "../lib/config-command.ts";
import { DAEMON, HOST_KEY } from "../settings/docker.ts";
import { makeSshDirectory, sshOptions, sshTarget } from "./docker-host.ts";
import type { DockerSettings } from "./docker-host.ts";
import { shellQuote } from "../lib/shell.ts";

/**
 * Connects to a machine and does nothing there. The connection is the one that everything after it shares.
 *
 * @returns what ssh says where it does not get there
 */
export async function reachMachine(docker: DockerSettings): Promise<string | undefined> {
  const { destination, port } = sshTarget(docker);
  makeSshDirectory();
  const args = [...sshOptions(docker), "-p", port, "--", destination, "true"];
  return new Promise((resolve) => {
    const asked = execFile("ssh", args, (error, _, stderr) => {
      resolve(error === null ? undefined : lastLine(stderr) || error.message);
    });
    asked.stdin?.end();
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

export interface LostMachine {
  readonly docker: DockerSettings;
  /** What ssh said. */
  readonly said: string;
  /** Where it is told what to do about a machine that is gone for good. @default nowhere */
  readonly goneFor?: string | undefined;
}

/**
 * What to do about a machine that does not answer, or that is another one by now. A mistyped name looks like a machine that
 * is gone, so what would forget a machine is only on the page that says when.
 */
export function lostMachine({ docker, said, goneFor }: LostMachine): Problem {
  const problem = { property: "garrison:docker.host", found: `${docker.host}, where ssh says: ${said}` };
  const gone = goneFor === undefined ? "" : ` Only where the machine is gone for good: ${goneFor}`;
  if (said.includes("Permission denied")) {
    return { ...problem, expected: "a machine that takes the deployer's key: docs/how-to/get-back-into-a-machine.md" };
  }
  if (said.includes("Host key verification failed")) {
    const expected =
      "the machine whose key garrison:docker.hostKey is. Is the name the right one? Read the machine's key at its console " +
      `(cat /etc/ssh/ssh_host_ed25519_key.pub) and, if it is yours, set it.${gone}`;
    return { ...problem, expected, fix: setCommand(["docker", "hostKey"], HOST_KEY) };
  }
  if (/could not resolve|not known|no address associated|name resolution/i.test(said)) {
    const expected = "a name that can be looked up: is it written right, and is the resolver of this computer there?";
    return { ...problem, expected, fix: setCommand(["docker", "host"], DAEMON) };
  }
  const expected = `a machine that answers: are its name and port written right, is it on, and is the way to it open?${gone}`;
  return { ...problem, expected, fix: byHand(docker) };
}

/** The same connection for somebody to look at, without what only a program wants. */
function byHand(docker: DockerSettings): string {
  const { destination, port } = sshTarget(docker);
  const key = docker.identityFile === undefined ? [] : ["-i", docker.identityFile];
  return ["ssh", ...key, ...(port === "22" ? [] : ["-p", port]), destination, "true"].map(shellQuote).join(" ");
}
