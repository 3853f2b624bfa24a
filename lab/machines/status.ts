import { existsSync } from "node:fs";
import { z } from "zod";
import type { MachineRole } from "#stacks/machines.ts";
import { askMachine } from "./host-key.ts";
import { readMachineImageInputs } from "./image/inputs.ts";
import { Incus } from "./incus.ts";
import type { Instance } from "./incus.ts";
import { pinnedHostKey } from "./keys.ts";
import type { Lab } from "./lab-of.ts";
import type { MachinePlace } from "./layout.ts";
import { findInstance } from "./instance.ts";
import { marks } from "./instance-request.ts";

/** How a machine is doing, as `lab status --json` prints it. */
export interface MachineStatus {
  readonly role: MachineRole;
  readonly address: string;
  /** `absent` where none was made, `begun` where the run that made it was interrupted. */
  readonly state: "absent" | "begun" | "running" | "stopped" | "unknown";
  /** What its systemd says: `running`, `degraded`, `starting` …; `unreachable` where ssh does not get there. */
  readonly system: string | undefined;
  readonly failedUnits: readonly string[];
  /** Version of its Docker daemon; undefined when that does not answer. */
  readonly docker: string | undefined;
  readonly containers: number | undefined;
  /** `kind key`, as settings want it in `garrison:docker.hostKey`. */
  readonly hostKey: string | undefined;
  /** Whether it was made of an older image than the lab has now. */
  readonly outdated: boolean;
}

/** Whether nothing has to be done about it. */
export function isWell(status: MachineStatus): boolean {
  return status.state === "running" && status.system === "running" && status.docker !== undefined;
}

const question = [
  "systemctl is-system-running",
  "docker info --format '{{.ServerVersion}} {{.Containers}}' 2>/dev/null || echo",
  "systemctl list-units --failed --plain --no-legend --no-pager",
].join("; ");

/** How the machines of the lab are doing. */
export async function labStatus(lab: Lab, roles: readonly MachineRole[]): Promise<readonly MachineStatus[]> {
  const incus = new Incus(lab.incusFiles.socket);
  const answers = existsSync(lab.incusFiles.socket) && (await incus.answers());
  const { hash } = await readMachineImageInputs();
  const places = lab.layout.machines.filter(({ role }) => roles.includes(role));
  return Promise.all(
    places.map(async (place) => {
      const found = answers ? await findInstance(incus, place) : undefined;
      const seen = await machineStatus(lab, place, answers ? stateOf(found) : undefined);
      return { ...seen, outdated: found !== undefined && found.config[marks.image] !== hash };
    }),
  );
}

async function machineStatus(
  lab: Lab,
  place: MachinePlace,
  known: MachineStatus["state"] | undefined,
): Promise<Omit<MachineStatus, "outdated">> {
  const pinned = await pinnedHostKey(lab.files, place.instance);
  // Without its daemon a machine may well run.
  const state = known ?? (pinned === undefined ? "absent" : "unknown");
  const nothing = { system: undefined, failedUnits: [], docker: undefined, containers: undefined };
  const seen = { role: place.role, address: place.address, state, hostKey: pinned };
  if (state === "absent" || state === "stopped") return { ...seen, ...nothing };
  const said = await askMachine(lab, place, question);
  const hostKey = await pinnedHostKey(lab.files, place.instance);
  if (said.exitCode === 255) return { ...seen, hostKey, ...nothing, system: "unreachable" };
  return { ...seen, hostKey, ...readAnswer(said.stdout) };
}

function stateOf(found: Instance | undefined): MachineStatus["state"] {
  if (found === undefined) return "absent";
  if (found.config[marks.ready] !== "true") return "begun";
  return found.status === "Running" ? "running" : "stopped";
}

/** What a machine said to the question. */
export function readAnswer(stdout: string): Pick<MachineStatus, "system" | "failedUnits" | "docker" | "containers"> {
  const [system = "", docker = "", ...units] = stdout.split("\n");
  const [version = "", containers = ""] = docker.split(" ");
  return {
    system: system.trim() === "" ? "unknown" : system.trim(),
    docker: version === "" ? undefined : version,
    containers: z.coerce
      .number()
      .int()
      .safeParse(containers === "" ? undefined : containers).data,
    failedUnits: units.map((line) => line.split(" ")[0] ?? "").filter(Boolean),
  };
}
