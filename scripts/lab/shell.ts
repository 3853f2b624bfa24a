import { spawn } from "node:child_process";
import { virtualMachines } from "#lab/azure/status.ts";
import { isRefused, repinHostKey } from "#lab/machines/host-key.ts";
import { Incus } from "#lab/machines/incus.ts";
import { insideMachine, rootShell } from "#lab/machines/inside.ts";
import { pinnedHostKey } from "#lab/machines/keys.ts";
import type { Lab } from "#lab/machines/lab-of.ts";
import type { MachinePlace } from "#lab/machines/layout.ts";
import { onMachine, sshArguments } from "#lab/machines/ssh.ts";
import { problem } from "#helpers/terminal/report.ts";

/**
 * A shell on a machine of the lab, or a command there, in this terminal.
 *
 * @returns the exit code of what ran
 */
export async function openShell(lab: Lab | undefined, name: string, words: readonly string[]): Promise<number> {
  const place = lab?.layout.machines.find(({ role }) => role === name);
  if (lab !== undefined && place !== undefined && (await pinnedHostKey(lab.files, place.instance)) !== undefined) {
    return secureShell(lab, place, words);
  }
  const all = lab === undefined ? [] : await virtualMachines(lab);
  const found = all.filter((machine) => machine.name === name.toLowerCase());
  const [machine] = found;
  if (lab === undefined || machine === undefined || found.length > 1) {
    throw problem("There is no such machine", {
      property: name,
      found: found.length > 1 ? `several: ${found.map(({ id }) => id).join(", ")}` : "not made on this host",
      expected: "one machine of the lab",
      fix: place === undefined ? "npm run lab -- status" : `npm run lab -- up ${name}`,
    });
  }
  return consoleOf(lab, machine.instance, words);
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

async function consoleOf(lab: Lab, instance: string, words: readonly string[]): Promise<number> {
  const shell = rootShell(words, process.env.TERM);
  const command = await insideMachine(new Incus(lab.incusFiles.socket), instance, shell);
  if (command !== undefined) return runHere(command[0], command.slice(1));
  throw problem("The machine does not run", {
    property: instance,
    found: "stopped",
    expected: "running",
    fix: "npm run lab -- up; it starts what is there",
  });
}

function runHere(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve(code ?? 255);
    });
  });
}
