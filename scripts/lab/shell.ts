import { spawn } from "node:child_process";
import { virtualMachines } from "../../lab/azure/status.ts";
import { consoleArguments, incusEnvironment } from "../../lab/machines/daemon.ts";
import { isRefused, repinHostKey } from "../../lab/machines/host-key.ts";
import { pinnedHostKey } from "../../lab/machines/keys.ts";
import type { Lab } from "../../lab/machines/lab.ts";
import type { MachinePlace } from "../../lab/machines/layout.ts";
import { onMachine, sshArguments } from "../../lab/machines/ssh.ts";
import { problem } from "../lib/report.ts";

/** A shell on a machine of the lab, or a command there. The program gets this terminal as it is. @returns its exit code */
export async function openShell(lab: Lab | undefined, name: string, words: readonly string[]): Promise<number> {
  const place = lab?.layout.machines.find(({ role }) => role === name);
  if (lab !== undefined && place !== undefined && (await pinnedHostKey(lab.files, place.instance)) !== undefined) {
    return secureShell(lab, place, words);
  }
  const found = lab === undefined ? [] : (await virtualMachines(lab)).filter((one) => one.name === name.toLowerCase());
  const [machine] = found;
  if (lab === undefined || machine === undefined || found.length > 1) {
    throw problem("There is no such machine", {
      subject: name,
      found: found.length > 1 ? `several: ${found.map(({ id }) => id).join(", ")}` : "not made on this host",
      expected: "one machine of the lab",
      next: place === undefined ? "npm run lab -- status" : `npm run lab -- up ${name}`,
    });
  }
  return runHere("incus", consoleArguments(machine.instance, words), incusEnvironment(lab.incusFiles));
}

/** ssh says by its exit code only that it did not get there: whether the host key was the reason has to be asked. */
async function secureShell(lab: Lab, place: MachinePlace, words: readonly string[]): Promise<number> {
  const connect = (): Promise<number> => runHere("ssh", [...sshArguments(lab.files, place.role), ...words]);
  const code = await connect();
  if (code !== 255 || !isRefused(await onMachine(lab.files, place.role, "true"))) return code;
  if (!(await repinHostKey(lab, place))) return code;
  console.error(`${place.role}: its host key was replaced; the one that is on its disk now is pinned`);
  return connect();
}

function runHere(program: string, args: readonly string[], environment: Record<string, string> = {}): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve(code ?? 255);
    });
  });
}
