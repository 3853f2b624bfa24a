import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "#helpers/terminal/report.ts";
import type { MachinePlace } from "./layout.ts";
import { onMachine } from "./ssh.ts";
import type { LabFiles } from "./paths.ts";

const readySeconds = 240;
const pollMs = 250;
const unreached = 255;

/** Prints what is not done yet, and nothing when the machine is ready. */
const question = `
set -u
said=$(cloud-init status --wait 2>&1) || { echo "failed cloud-init: $(printf '%s\\n' "$said" | tail -n 3 | tr '\\n' ' ')"; exit 3; }
docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || { echo "docker: $(systemctl is-active docker)"; exit 4; }
# Until its last unit is there, the machine is no more than "starting"; one that failed is told by its status.
case $(systemctl is-system-running --wait 2>&1) in running | degraded) ;; *) echo "systemd: starting"; exit 5 ;; esac
`;

/**
 * Waits until the machine is reached with the key that is pinned for it, its cloud-init is done, its Docker answers and all its units are there.
 *
 * @param tell what it is waiting for, for a person to read
 */
export async function untilReady(
  files: LabFiles,
  { role }: MachinePlace,
  tell: (detail: string) => void,
): Promise<void> {
  const deadline = Date.now() + readySeconds * 1000;
  let last = "";
  while (Date.now() < deadline) {
    const said = await onMachine(files, role, question, readySeconds);
    if (said.exitCode === 0) return;
    last = (said.exitCode === unreached ? said.stderr : said.stdout).trim();
    // Neither gets better by waiting.
    if (last.startsWith("failed") || last.includes("Host key verification failed")) break;
    tell(said.exitCode === unreached ? `${role}: waiting for its sshd` : `${role}: ${last}`);
    await sleep(pollMs);
  }
  throw problem(`The machine ${role} does not get ready`, {
    property: role,
    found: last === "" ? "no answer" : last,
    expected: `sshd, cloud-init and Docker within ${String(readySeconds)} seconds`,
    fix: `npm run lab -- ssh ${role} sudo tail -n 50 /var/log/cloud-init-output.log; then npm run lab -- up ${role}`,
  });
}
