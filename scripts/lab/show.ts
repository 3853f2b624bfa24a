import Table from "cli-table3";
import pc from "picocolors";
import { isWell } from "../../lab/machines/status.ts";
import type { MachineStatus } from "../../lab/machines/status.ts";

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

function advice(machine: MachineStatus): string[] {
  const { role, state, failedUnits } = machine;
  if (failedUnits.length > 0) return [`${role}: failed: ${failedUnits.join(", ")}; npm run lab -- ssh ${role}`];
  if (state === "absent" || isWell(machine)) return [];
  return [`${role}: npm run lab -- up ${role} puts it right`];
}
