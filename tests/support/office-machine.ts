import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { expect } from "vitest";
import { sshOptions } from "#components/host/docker-host.ts";
import { onMachine } from "#lab/machines/ssh.ts";
import type { TestLab } from "./lab-machines.ts";

/** A lab's office machine, as an operator knows it. */
export interface OfficeMachine {
  readonly address: string;
  readonly hostKey: string;
  /** The host's own end of the lab's bridge, from where the operator comes. */
  readonly operatorAt: string;
  /** Runs shell as root; rejects when that fails. */
  root(script: string): Promise<string>;
}

interface Status {
  readonly machines: readonly { address: string; hostKey: string }[];
}

/** Brings the machine up, bare but for what the lab's image brings. */
export async function officeMachine(lab: TestLab): Promise<OfficeMachine> {
  const up = await lab.run("up", "office");
  if (up.exitCode !== 0) throw new Error(up.all);
  const [machine] = (JSON.parse((await lab.run("status", "office", "--json")).stdout) as Status).machines;
  if (machine === undefined) throw new Error("the lab does not show its machine");
  return {
    ...machine,
    operatorAt: machine.address.replace(/\.\d+$/, ".1"),
    root: async (script) => {
      // One word for the remote shell, whatever is in it.
      const text = Buffer.from(script).toString("base64");
      const ran = await onMachine(lab.files, "office", `echo ${text} | base64 -d | sudo sh -eu`, 300);
      if (ran.exitCode !== 0) throw new Error(`${script}: ${ran.stdout}${ran.stderr}`);
      return ran.stdout.trim();
    },
  };
}

/** Takes Docker away, and the user's right to it: what a freshly installed Debian has not. */
export async function withoutDocker(machine: OfficeMachine): Promise<void> {
  await machine.root(`export DEBIAN_FRONTEND=noninteractive
    apt-get -qq -y purge docker.io containerd runc >/dev/null 2>&1
    getent group docker >/dev/null && groupdel docker
    ! command -v docker`);
}

/** The stack's settings for the machine. */
export async function officeSettings(
  lab: TestLab,
  machine: OfficeMachine,
  imagesLock: string,
): Promise<Record<string, unknown>> {
  const openFiles = Number(await machine.root("ulimit -Hn"));
  const memory = Number(await machine.root("awk '/MemTotal/ {print $2}' /proc/meminfo"));
  const publicKey = (await readFile(`${lab.files.operatorKey}.pub`, "utf8")).trim();
  const person = { uid: 2000, keys: [publicKey] };
  return {
    "pulumi:disable-default-providers": ["docker", "azure-native", "cloudflare"],
    "garrison:lab": true,
    "garrison:machine": "office",
    "garrison:docker": {
      host: `ssh://garrison@${machine.address}`,
      hostKey: machine.hostKey,
      identityFile: lab.files.operatorKey,
      cgroupDriver: "cgroupfs",
    },
    "garrison:host": {
      name: "office",
      deployer: { name: "garrison", ...person },
      operators: { garrison: person },
      operatorsFrom: [machine.operatorAt],
      deployerFrom: [machine.operatorAt],
      confirmSeconds: 60,
    },
    "garrison:resources": { memoryMiB: Math.floor(memory / 1024), cpus: 2, openFiles },
    "garrison:imagesLock": imagesLock,
  };
}

/** How many ssh connections `work` makes to the machine, when none is open before it. */
export async function connectionsOf(machine: OfficeMachine, work: () => Promise<void>): Promise<number> {
  const target = `garrison@${machine.address}`;
  const accepted = async () => Number(await machine.root("journalctl -u ssh -q | grep -c 'Accepted publickey'"));
  const way = { host: `ssh://${target}`, hostKey: machine.hostKey, cgroupDriver: "cgroupfs" } as const;
  await execa("ssh", ["-O", "exit", ...sshOptions(way), target], { reject: false });
  const first = await accepted();
  const ofAsking = (await accepted()) - first;
  const before = first + ofAsking;
  await work();
  return (await accepted()) - ofAsking - before;
}

/** Names of the estate's containers that are not as they should be, or that are missing, after at most two minutes. */
export async function unwell(machine: OfficeMachine, expected: number): Promise<string[]> {
  let found: string[] = [];
  for (let attempt = 0; attempt < 120; attempt++) {
    const listed = await machine.root("docker ps -a --format '{{.Names}} {{.Status}}'").catch(() => "");
    const all = listed.split("\n").filter((line) => line.startsWith("office-"));
    found = all.filter((line) => !/ Up .*\(healthy\)/.test(line) && !(line.includes(" Up ") && !line.includes("(")));
    if (all.length === expected && found.length === 0) return [];
    if (all.length !== expected) found = [`${String(all.length)} containers of ${String(expected)}`, ...found];
    await sleep(1000);
  }
  return found;
}

/** Restarts the machine by itself, and waits for another start than before. */
export async function restart(machine: OfficeMachine): Promise<void> {
  const boot = () => machine.root("cat /proc/sys/kernel/random/boot_id; systemctl show -p UserspaceTimestamp --value");
  const before = await boot();
  await machine.root("systemctl reboot").catch(() => undefined);
  // What does not end by itself is given a minute and a half.
  for (let attempt = 0; attempt < 180; attempt++) {
    const now = await boot().catch(() => before);
    if (now !== before) return;
    await sleep(1000);
  }
  throw new Error("the machine did not restart");
}

/** Hashes of all files that the containers are given, secrets among them. */
export function deliveredFiles(machine: OfficeMachine): Promise<string> {
  return machine.root("find /run/garrison/office -type f -exec sha256sum {} + | sort -k 2");
}

/** The most processes of every container, as the kernel has it: its own limit, or its parent's. */
export async function pidLimits(machine: OfficeMachine): Promise<string> {
  const limits = await machine.root(`docker ps --format '{{.Names}}' | sort | while read -r name; do
    process=$(docker inspect -f '{{.State.Pid}}' "$name")
    cgroup=$(sed -n -e 's/^[0-9]*:pids://p' -e 's/^0:://p' /proc/$process/cgroup | head -n 1)
    limit() { cat "/sys/fs/cgroup/pids$1/pids.max" 2>/dev/null || cat "/sys/fs/cgroup$1/pids.max"; }
    own=$(limit "$cgroup")
    [ "$own" != max ] || own=$(limit "$(dirname "$cgroup")")
    echo "$name $own"
  done`);
  expect(limits).toMatch(/^office-openclaw-gateway \d+$/m);
  expect(limits).not.toContain(" max");
  return limits;
}
