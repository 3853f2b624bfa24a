import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { MachineRole } from "#stacks/machines.ts";
import { problem } from "#helpers/terminal/report.ts";
import { hostResources } from "../estate/estate.ts";
import type { LabDaemon } from "../estate/prepare.ts";
import { azureBlock } from "../fabric/places.ts";
import { runHost } from "./host-command.ts";
import { machineUser, operatorKey, pinnedHostKey } from "./keys.ts";
import type { Lab } from "./lab-of.ts";
import type { MachineSize } from "./machine-spec.ts";
import type { LabFiles } from "./paths.ts";
import { onMachine } from "./ssh.ts";

/** One answer a line: memory in KiB, processors, most open files, the user's number, what Docker's control groups are made by. */
const question =
  "awk '/MemTotal/ {print $2}' /proc/meminfo; nproc; ulimit -Hn; id -u; docker info -f '{{.CgroupDriver}}'";

/** A machine has loopback addresses of its own, where nothing of this host's estates listens. */
const published = { "garrison:publish": { address: "127.0.0.1" } };

const answerSchema = z.tuple([
  z.coerce.number().int().positive(),
  z.coerce.number().int().positive(),
  z.coerce.number().int().positive(),
  z.coerce.number().int().positive(),
  z.enum(["systemd", "cgroupfs"]),
]);

/**
 * How a stack reaches a bare machine of the lab, and what it has to know of it: what an operator would write into the
 * settings of a machine that was just installed.
 */
export async function bareMachine(lab: Lab, role: MachineRole): Promise<LabDaemon> {
  const place = lab.layout.machines.find((machine) => machine.role === role);
  const hostKey = place && (await pinnedHostKey(lab.files, place.instance));
  const said = await onMachine(lab.files, role, question);
  const answer = answerSchema.safeParse(said.stdout.trim().split("\n"));
  if (place === undefined || hostKey === undefined || !answer.success) {
    throw problem("The machine does not say what it is", {
      property: role,
      found: `${said.stdout}${said.stderr}`.trim(),
      expected: "an answer over ssh",
      fix: `npm run lab -- up ${role}`,
    });
  }
  const [memoryKiB, cpus, openFiles, uid, cgroupDriver] = answer.data;
  const host = `ssh://${machineUser}@${place.address}`;
  // The host's own end of the bridge: whoever works on this host comes from there.
  const from = lab.layout.gateway.replace(/\/.*/, "");
  return {
    host,
    cgroupDriver,
    settings: {
      "garrison:docker": { host, hostKey, identityFile: lab.files.operatorKey, cgroupDriver },
      "garrison:host": await whoGetsIn(lab.files, role, uid, from),
      "garrison:resources": { memoryMiB: Math.floor(memoryKiB / 1024), cpus, openFiles },
      ...published,
    },
  };
}

/** The account on a machine that the stack makes itself; 1000 is that of containers whose image forces it, such as Wazuh's. */
const firstUser = 2000;

/** What a stack has to know that makes its machine itself, in the lab's Azure, with the size that the lab gives to it. */
export async function azureMachine(lab: Lab, role: MachineRole, size: MachineSize): Promise<LabDaemon> {
  await operatorKey(lab.files);
  const route = await runHost("ip", ["-4", "-json", "route", "get", azureBlock.replace(/\/.*/, "")]);
  const [{ prefsrc }] = routeSchema.parse(JSON.parse(route));
  const cgroupDriver = "cgroupfs";
  return {
    cgroupDriver,
    settings: {
      "garrison:docker": { identityFile: lab.files.operatorKey, cgroupDriver },
      "garrison:host": await whoGetsIn(lab.files, role, firstUser, prefsrc),
      "garrison:resources": { memoryMiB: size.memoryMiB, cpus: size.cpus, openFiles: hostResources().openFiles },
      ...published,
    },
  };
}

const routeSchema = z.tuple([z.object({ prefsrc: z.ipv4() })]);

/** The lab's operator is its deployer too. */
async function whoGetsIn(files: LabFiles, name: string, uid: number, from: string): Promise<object> {
  const keys = [(await readFile(`${files.operatorKey}.pub`, "utf8")).trim()];
  return {
    name,
    deployer: { name: machineUser, uid, keys },
    operators: { [machineUser]: { uid, keys } },
    operatorsFrom: [from],
    deployerFrom: [from],
  };
}
