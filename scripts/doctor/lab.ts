import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { isMachineWell, virtualMachines } from "#lab/azure/status.ts";
import type { VirtualMachineStatus } from "#lab/azure/status.ts";
import { labProcesses } from "#lab/machines/daemon.ts";
import { readLabFacts } from "#lab/machines/facts.ts";
import { Incus } from "#lab/machines/incus.ts";
import { labOf } from "#lab/machines/lab-of.ts";
import { leftovers } from "#lab/machines/leftovers.ts";
import { incusFiles, labFiles, machinesCache } from "#lab/machines/paths.ts";
import { isWell, labStatus } from "#lab/machines/status.ts";
import type { MachineStatus } from "#lab/machines/status.ts";
import { MACHINES } from "#stacks/machines.ts";
import { olderImage } from "../lab/show.ts";
import { note, ok, wrong } from "./finding.ts";
import type { Finding } from "./finding.ts";

const name = "lab of machines";
const storePrefix = "lab-";

/** The lab of machines: its Incus, its machines, and what a crash has left of other labs. */
export async function checkLab(): Promise<Finding[]> {
  const facts = await readLabFacts(labFiles());
  const stores = await strayStores(facts?.id);
  if (facts === undefined) return [note(name, "not made; npm run lab -- up makes it"), ...stores.map(judgeStore)];
  if (process.getuid?.() !== 0) return [note(name, `${facts.id}; only root can look into it`)];
  const lab = labOf(facts);
  const { socket } = lab.incusFiles;
  const answers = existsSync(socket) && (await new Incus(socket).answers());
  if (!answers) {
    const left = (await leftovers(lab)).map(({ what }) => what);
    return [judgeSilence(facts.id, left), ...stores.map(judgeStore)];
  }
  return [
    ok(name, `${facts.id}, network ${facts.network}, its Incus answers`),
    ...(await labStatus(lab, MACHINES)).flatMap(judgeMachine),
    ...(await virtualMachines(lab)).flatMap(judgeVirtualMachine),
    ...stores.map(judgeStore),
  ];
}

/** Of a lab whose Incus does not answer: what it still has on the host. */
export function judgeSilence(id: string, left: readonly string[]): Finding {
  const [first, ...others] = left;
  const there =
    first === undefined ? "nothing of it" : `${first}${others.length > 0 ? ` and ${String(others.length)} more` : ""}`;
  return wrong(
    name,
    `${id}: its Incus does not answer; on this host is ${there}`,
    "npm run lab -- up (starts it and its machines), or npm run lab -- down (removes what is left)",
  );
}

/** Nothing about a machine that was not made. */
export function judgeMachine(machine: MachineStatus): Finding[] {
  const { role, state, system, docker, failedUnits, outdated } = machine;
  const subject = `lab machine ${role}`;
  if (state === "absent") return [];
  if (failedUnits.length > 0) {
    return [
      wrong(subject, `failed: ${failedUnits.join(", ")}`, `npm run lab -- ssh ${role} systemctl status --failed`),
    ];
  }
  if (!isWell(machine)) {
    const found = `${state}, systemd ${system ?? "silent"}, Docker ${docker ?? "silent"}`;
    return [wrong(subject, found, `npm run lab -- up ${role} (puts it right)`)];
  }
  const well = ok(subject, `running at ${machine.address}, Docker ${docker ?? ""}`);
  const renew = `npm run lab -- down ${role}, then npm run lab -- up ${role} (makes it anew, without its data)`;
  return outdated ? [well, { ...note(subject, olderImage), next: renew }] : [well];
}

export function judgeVirtualMachine(machine: VirtualMachineStatus): Finding[] {
  const subject = `Azure machine ${machine.name} of the lab`;
  const found = `${machine.state}, systemd ${machine.system ?? "silent"}`;
  const next =
    machine.state === "running"
      ? `npm run lab -- ssh ${machine.name} systemctl status --failed`
      : "npm run lab -- deploy <its stack> (puts it right), or npm run lab -- down";
  const judged = isMachineWell(machine) ? ok(subject, found) : wrong(subject, found, next);
  return machine.outdated ? [judged, note(subject, olderImage)] : [judged];
}

/** Stores of labs that nobody describes any more and that have no process. */
async function strayStores(own: string | undefined): Promise<string[]> {
  const names = await readdir(machinesCache()).catch(() => []);
  const ids = names.filter((entry) => entry.startsWith(storePrefix)).map((entry) => entry.slice(storePrefix.length));
  return ids.filter((id) => id !== own && labProcesses(incusFiles(id)).length === 0).map((id) => incusFiles(id).store);
}

/** It may belong to a lab of another state directory that is at rest: a person has to decide. */
function judgeStore(store: string): Finding {
  return {
    ...note("store of another lab", `${store}, without a process`),
    next: `rm -r ${store} (when nobody wants it)`,
  };
}
