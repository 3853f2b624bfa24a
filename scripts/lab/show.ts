import Table from "cli-table3";
import pc from "picocolors";
import { isMachineWell } from "#lab/azure/status.ts";
import type { VirtualMachineStatus } from "#lab/azure/status.ts";
import { isWell } from "#lab/machines/status.ts";
import type { MachineStatus } from "#lab/machines/status.ts";

/** The table of `lab status`, with what is wrong below it. */
export function showMachines(machines: readonly MachineStatus[]): string {
  const table = new Table({
    head: ["machine", "address", "state", "systemd", "Docker", "containers"].map(pc.bold),
    style: { head: [], border: [], compact: true },
  });
  for (const machine of machines) {
    const color = machine.state === "absent" ? pc.dim : isWell(machine) ? pc.green : pc.red;
    table.push([
      machine.role,
      machine.address,
      color(machine.state),
      machine.system ?? "-",
      machine.docker ?? "-",
      machine.containers === undefined ? "-" : String(machine.containers),
    ]);
  }
  return [table.toString(), ...machines.flatMap(advice)].join("\n");
}

/** The simulated Azure's part of `lab status`; nothing where it has no machine. */
export function showVirtualMachines(machines: readonly VirtualMachineStatus[]): string[] {
  if (machines.length === 0) return [];
  const table = new Table({
    head: ["Azure machine", "address", "public", "state", "systemd"].map((text) => pc.bold(text)),
    style: { head: [], border: [], compact: true },
  });
  for (const machine of machines) {
    const color = isMachineWell(machine) ? pc.green : pc.red;
    table.push([
      machine.name,
      machine.address ?? "-",
      machine.publicAddress ?? "-",
      color(machine.state),
      machine.system ?? "-",
    ]);
  }
  const old = machines.filter(({ outdated }) => outdated).map(({ name }) => `${name}: ${olderImage}`);
  return [table.toString(), ...old];
}

export const olderImage = "made of an older image than the lab has now";

function advice(machine: MachineStatus): string[] {
  const { role, outdated } = machine;
  const renew = `${role}: ${olderImage}; npm run lab -- down ${role}, then up ${role}, makes it anew`;
  return [...trouble(machine), ...(outdated ? [renew] : [])];
}

function trouble(machine: MachineStatus): string[] {
  const { role, state, failedUnits } = machine;
  const journal = `npm run lab -- ssh ${role} sudo journalctl -b -u ${failedUnits[0] ?? ""}`;
  if (failedUnits.length > 0) return [`${role}: failed: ${failedUnits.join(", ")}; ${journal}`];
  if (state === "absent" || isWell(machine)) return [];
  return [`${role}: npm run lab -- up ${role} puts it right`];
}
