import { execa } from "execa";
import { machinePlace } from "#lab/azure/layout.ts";
import { readLabFacts } from "#lab/machines/facts.ts";
import { hostEnvironment } from "#lab/machines/host-command.ts";
import { Incus } from "#lab/machines/incus.ts";
import { insideMachine } from "#lab/machines/inside.ts";
import { incusFiles } from "#lab/machines/paths.ts";
import type { TestLab } from "./lab-machines.ts";

/** What a command came to; `output` is both its streams. */
interface Ran {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** Runs a shell's command as root on a virtual machine, from the host: no rule of its network has a say in it. */
export async function onVirtualMachine(lab: TestLab, id: string, command: string): Promise<Ran> {
  const facts = await readLabFacts(lab.files);
  if (facts === undefined) throw new Error("there is no lab");
  const incus = new Incus(incusFiles(facts.id).socket);
  const words = await insideMachine(incus, machinePlace(facts.id, id).instance, ["sh", "-c", command]);
  if (words === undefined) throw new Error(`${id} does not run`);
  const [program, ...args] = words;
  const ran = await execa(program, args, { reject: false, all: true, stdin: "ignore", env: hostEnvironment });
  return { exitCode: ran.exitCode, output: ran.all.trim() };
}

/** Waits until the machine's cloud-init is done, and has it listen on ports where it tells each client who it is. */
export async function listenOn(lab: TestLab, id: string, ports: readonly number[]): Promise<void> {
  const units = ports.map((port) => `systemd-run --quiet --unit=tell-${port} ${teller(port).replace("exec ", "")}`);
  const ran = await onVirtualMachine(lab, id, ["cloud-init status --wait >/dev/null", ...units].join(" && "));
  if (ran.exitCode !== 0) throw new Error(`${id} does not listen: ${ran.output}`);
}

/** A program that tells each client of a port the address that it sees of it, as a shell takes it; it takes the shell's place. */
export function teller(port: number): string {
  return `exec python3 -u -c '${tellerSource}' ${port}`;
}

const tellerSource = [
  "import socket,sys",
  's=socket.create_server(("",int(sys.argv[1])))',
  "while True:",
  " c,a=s.accept()",
  " c.sendall(a[0].encode())",
  " c.close()",
].join("\n");

/** A shell's command that prints what a teller says; it fails where nothing answers in time. */
export function askTeller(address: string, port: number, seconds: number): string {
  return `timeout ${seconds} bash -c 'cat < /dev/tcp/${address}/${port}'`;
}
