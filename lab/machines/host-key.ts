import { tryHost } from "./host-command.ts";
import { Incus } from "./incus.ts";
import { insideMachine } from "./inside.ts";
import { pinHostKey, pinnedHostKey } from "./keys.ts";
import type { Lab } from "./lab-of.ts";
import type { MachinePlace } from "./layout.ts";
import { onMachine } from "./ssh.ts";
import type { Said } from "./ssh.ts";

/** The lasting one first: the other kind may be the key of the first boot, which is good until that one is proven. */
const keyFiles = ["ed25519", "ecdsa"].map((kind) => `/etc/ssh/ssh_host_${kind}_key.pub`);

/** Whether ssh has not believed that the machine is the one that is pinned. */
export function isRefused({ exitCode, stderr }: Pick<Said, "exitCode" | "stderr">): boolean {
  return exitCode === 255 && stderr.includes("Host key verification failed");
}

/**
 * Pins the host key that a machine has now, which a deployment may have replaced. It is read on the machine's disk,
 * from this host: what is on the network has no say in it.
 *
 * @returns whether it is another one than was pinned
 */
export async function repinHostKey(lab: Pick<Lab, "files" | "incusFiles">, place: MachinePlace): Promise<boolean> {
  const incus = new Incus(lab.incusFiles.socket);
  // Without the rights to ask it, the pinned key stays.
  if (!(await incus.answers())) return false;
  for (const file of keyFiles) {
    const command = await insideMachine(incus, place.instance, ["cat", file]);
    const key = command === undefined ? undefined : (await tryHost(command[0], command.slice(1)))?.trim();
    if (key === undefined || key === "") continue;
    const [kind = "", value = ""] = key.split(" ");
    if (`${kind} ${value}` === (await pinnedHostKey(lab.files, place.instance))) return false;
    await pinHostKey(lab.files, place.instance, key);
    return true;
  }
  return false;
}

/** Runs a command on a machine whose host key may have been replaced since; never throws. */
export async function askMachine(lab: Lab, place: MachinePlace, command: string): Promise<Said> {
  const said = await onMachine(lab.files, place.role, command);
  if (!isRefused(said) || !(await repinHostKey(lab, place))) return said;
  return onMachine(lab.files, place.role, command);
}
