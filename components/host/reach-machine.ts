import { execFile } from "node:child_process";
import type { Problem } from "../lib/problems.ts";
import { makeSshDirectory, sshOptions, sshTarget } from "./docker-host.ts";
import type { DockerSettings } from "./docker-host.ts";

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

/** A state that knows more of a machine than the machine itself does not say so by itself. */
export interface LostMachine {
  readonly docker: DockerSettings;
  /** What ssh said. */
  readonly said: string;
  /** What everything on the machine depends on in the stack's state. */
  readonly urn: string;
}

/** What to do about a machine that does not answer, or that is another one by now. */
export function lostMachine({ docker, said, urn }: LostMachine): Problem {
  const forget = `pulumi state delete --yes --target-dependents '${urn}'`;
  const expected = said.includes("Host key verification failed")
    ? "the machine whose key garrison:docker.hostKey is. Is another one in its place? Read its key at its console " +
      "(cat /etc/ssh/ssh_host_ed25519_key.pub), set it, forget what lay on the old one (secrets are kept), deploy again"
    : said.includes("Permission denied")
      ? "a machine that takes the deployer's key: docs/how-to/get-back-into-a-machine.md"
      : "a machine that answers: start it and deploy again. Is it gone for good? Set the address and the key of the " +
        "one in its place, forget what lay on it (secrets are kept), deploy again";
  return {
    property: "garrison:docker.host",
    found: `${docker.host}, where ssh says: ${said}`,
    expected,
    ...(!said.includes("Permission denied") && { fix: forget }),
  };
}
