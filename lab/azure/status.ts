import { existsSync } from "node:fs";
import { tryHost } from "../machines/host-command.ts";
import { readMachineImageInputs } from "../machines/image/inputs.ts";
import { Incus } from "../machines/incus.ts";
import { insideMachine } from "../machines/inside.ts";
import type { Lab } from "../machines/lab-of.ts";
import { azureInstances } from "./instances.ts";
import type { AzureInstance } from "./instances.ts";
import { lastPart, machinePlace } from "./layout.ts";
import { readNetworkFacts } from "./restore.ts";

/** How a virtual machine of the simulated Azure is doing, as `lab status --json` prints it. */
export interface VirtualMachineStatus {
  readonly name: string;
  /** In Azure, in lower case. */
  readonly id: string;
  /** In Incus. */
  readonly instance: string;
  readonly address: string | undefined;
  readonly publicAddress: string | undefined;
  /** `begun` where the deployment that made it was interrupted. */
  readonly state: "begun" | "running" | "stopped";
  /** What its systemd says. */
  readonly system: string | undefined;
  /** Whether it was made of an older image than the lab has now. */
  readonly outdated: boolean;
}

/** Whether nothing has to be done about it. */
export function isMachineWell({ state, system }: VirtualMachineStatus): boolean {
  return state === "running" && system !== "degraded" && system !== undefined;
}

/** The virtual machines of the lab. None is seen while its daemon does not answer. */
export async function virtualMachines(lab: Lab): Promise<readonly VirtualMachineStatus[]> {
  const incus = new Incus(lab.incusFiles.socket);
  if (!existsSync(lab.incusFiles.socket) || !(await incus.answers())) return [];
  const { hash } = await readMachineImageInputs();
  const network = await readNetworkFacts(lab);
  return Promise.all(
    (await azureInstances({ incus })).map(async (found) => {
      const { instance } = machinePlace(lab.facts.id, found.id);
      const nic = network?.interfaces.find(({ address }) => address === found.address);
      return {
        name: lastPart(found.id),
        id: found.id,
        instance,
        address: found.address,
        publicAddress: network?.publicAddresses.find(({ id }) => id === nic?.publicAddress)?.address,
        state: stateOf(found),
        system: await systemOf(incus, instance),
        outdated: found.image !== hash,
      };
    }),
  );
}

function stateOf({ ready, status }: AzureInstance): VirtualMachineStatus["state"] {
  if (!ready) return "begun";
  return status === "Running" ? "running" : "stopped";
}

async function systemOf(incus: Incus, instance: string): Promise<string | undefined> {
  // Its exit code says whether it is well, which is no failure of the question.
  const asked = await insideMachine(incus, instance, ["sh", "-c", "systemctl is-system-running || true"]);
  if (asked === undefined) return undefined;
  const [program, ...args] = asked;
  return (await tryHost(program, args))?.trim();
}
