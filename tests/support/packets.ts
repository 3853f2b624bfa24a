import { once } from "node:events";
import { join } from "node:path";
import { execa } from "execa";
import type { Order, Outcome, Target } from "./packet-probe.ts";

const probe = join(import.meta.dirname, "packet-probe.ts");

/** Whose network namespace: a process's, a named one, that of a file below `/proc`, or the host's own. */
export type Namespace = { readonly pid: number } | { readonly name: string } | { readonly file: string } | "host";

/** Tries to reach every target from a namespace; outcomes in the order of the targets. */
export async function attempt(from: Namespace, targets: readonly Target[], timeoutMs: number): Promise<Outcome[]> {
  if (targets.length === 0) return [];
  const [file, ...args] = commandIn(from);
  const ended = await execa(file, args, { input: orderLine({ do: "attempt", targets, timeoutMs }) });
  return JSON.parse(ended.stdout) as Outcome[];
}

/** Listens on ports of a namespace, on every address, until it is told to stop. */
export async function listen(at: Namespace, ports: readonly Omit<Target, "address">[]): Promise<() => Promise<void>> {
  const [file, ...args] = commandIn(at);
  const running = execa(file, args, { stdin: "pipe", reject: false, buffer: { stdout: false } });
  running.stdin.write(orderLine({ do: "listen", ports }));
  const ready = once(running.stdout, "data");
  const ended = running.then(({ stderr }) => {
    throw new Error(`the listener ended: ${stderr}`);
  });
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  return async () => {
    running.stdin.end();
    const { exitCode, stderr } = await running;
    // One that died in between made everything silent that it should have answered.
    if (exitCode !== 0) throw new Error(`a listener did not last: ${stderr}`);
  };
}

/** Runs a program in a namespace, as root and with the host's files. */
export function commandIn(
  namespace: Namespace,
  command: readonly string[] = [process.execPath, probe],
): [string, ...string[]] {
  if (namespace === "host") return command as [string, ...string[]];
  if ("name" in namespace) return ["ip", "netns", "exec", namespace.name, ...command];
  if ("file" in namespace) return ["nsenter", `--net=${namespace.file}`, "--", ...command];
  return ["nsenter", "-t", String(namespace.pid), "-n", "--", ...command];
}

function orderLine(order: Order): string {
  return `${JSON.stringify(order)}\n`;
}
