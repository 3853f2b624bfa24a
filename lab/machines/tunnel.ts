import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { MachineRole } from "../../components/settings/settings.ts";
import { problem } from "../../scripts/lib/report.ts";
import { hostEnvironment } from "./host-command.ts";
import type { LabFiles } from "./paths.ts";
import { onMachine, sshArguments } from "./ssh.ts";

const openSeconds = 20;
const pollMs = 200;

/**
 * Does `work` while the machine reaches this host's registry under the same loopback address as this host does. The
 * images' names, digests included, mean the same on both; nothing listens on any network, and no daemon has to be told
 * to trust a registry without TLS: for loopback addresses it does.
 */
export async function withRegistry<T>(
  files: LabFiles,
  role: MachineRole,
  port: number,
  work: () => Promise<T>,
): Promise<T> {
  const forward = `127.0.0.1:${String(port)}:127.0.0.1:${String(port)}`;
  const options = ["-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes", "-o", "ServerAliveInterval=15"];
  const tunnel = spawn("ssh", ["-N", ...options, "-R", forward, ...sshArguments(files, role)], {
    stdio: "ignore",
    env: hostEnvironment,
  });
  const failed = new Promise<number>((resolve) => {
    tunnel.once("error", () => {
      resolve(-1);
    });
    tunnel.once("exit", (code) => {
      resolve(code ?? -1);
    });
  });
  try {
    await untilOpen(files, role, port, failed);
    return await work();
  } finally {
    tunnel.kill("SIGTERM");
    await failed;
  }
}

async function untilOpen(files: LabFiles, role: MachineRole, port: number, failed: Promise<number>): Promise<void> {
  let ended: number | undefined;
  void failed.then((code) => (ended = code));
  const deadline = Date.now() + openSeconds * 1000;
  while (ended === undefined && Date.now() < deadline) {
    const asked = await onMachine(files, role, `curl -fsS -o /dev/null http://127.0.0.1:${String(port)}/v2/`);
    if (asked.exitCode === 0) return;
    await sleep(pollMs);
  }
  throw problem("The machine does not reach the lab's registry", {
    subject: `127.0.0.1:${String(port)} on ${role}`,
    found: ended === undefined ? "no answer by way of ssh" : `ssh ended with exit code ${String(ended)}`,
    expected: `an answer within ${String(openSeconds)} seconds`,
    next: `npm run lab -- up ${role}, then the same command again`,
  });
}
