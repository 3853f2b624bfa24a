import { join } from "node:path";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { canInstall, installPackages } from "#helpers/programs/apt.ts";
import { firstExecutable, systemPath } from "#helpers/programs/executable.ts";
import { withLock } from "#helpers/files/lock.ts";
import { problem } from "#helpers/terminal/report.ts";
import { localSocket, pingDocker } from "#helpers/docker/ping.ts";
import type { DockerAnswer } from "#helpers/docker/ping.ts";
import { startDaemon } from "./start.ts";

/** AppArmor's parser and the certificates are recommended only: without the first, containers run outside of its profile. */
const DOCKER = ["docker.io", "iptables", "apparmor", "ca-certificates"];

const withoutDaemon = "npm run preview works without a daemon";

/**
 * A Docker daemon that answers. Where none does and we are root on Debian or Ubuntu it is installed and started; one
 * that was installed before, or that was killed, is started again.
 */
export async function ensureDocker(): Promise<DockerAnswer> {
  const answer = await pingDocker();
  if (answer.version !== undefined) return answer;
  refuseWhatWeCannotChange(answer);
  return withLock(join(cacheDirectory(), "locks", "docker"), bringDaemon, {
    onWait: ({ pid }) => {
      console.error(`  Process ${String(pid)} is bringing Docker up; waiting for it`);
    },
  });
}

async function bringDaemon(): Promise<DockerAnswer> {
  const answer = await pingDocker();
  if (answer.version !== undefined) return answer;
  if (!(await hasProgram("dockerd"))) {
    if (!(await canInstall())) throw cannotInstall(answer);
    console.error(`  No Docker daemon answers at ${answer.address}: installing ${DOCKER.join(", ")} with apt-get.`);
    await installPackages(DOCKER);
    // Debian 13 has the client in a package of its own.
    if (!(await hasProgram("docker"))) await installPackages(["docker-cli"]);
  }
  return startDaemon();
}

/** Says so where no daemon answers and these scripts are not the ones to bring it. */
export function refuseWhatWeCannotChange(answer: DockerAnswer): void {
  const next = whatOnlyAPersonCanDo(answer);
  if (next !== undefined) throw noDaemon(answer, `${next}; ${withoutDaemon}`);
}

/** A daemon elsewhere, a user without rights: what to type where nothing should be changed by a script. */
export function whatOnlyAPersonCanDo(answer: DockerAnswer): string | undefined {
  if (answer.address !== `unix://${localSocket}`) return "start the daemon there, or unset DOCKER_HOST";
  if (answer.denied) return 'sudo usermod -aG docker "$USER", then log in again';
  if (process.platform !== "linux") return "start Docker, and set DOCKER_HOST if its socket lies elsewhere";
  if (process.getuid?.() === 0) return undefined;
  return (
    "start it (sudo systemctl start docker) or install it (sudo apt-get install docker.io), " +
    "or run npm run up as root, which does both"
  );
}

function cannotInstall(answer: DockerAnswer): Error {
  return noDaemon(
    answer,
    "install Docker by this distribution's own means (only Debian and Ubuntu are done by this script), " +
      `then run the same command again; ${withoutDaemon}`,
  );
}

function noDaemon(answer: DockerAnswer, next: string): Error {
  return problem("No Docker daemon answers", {
    property: answer.address,
    found: answer.reason ?? "no answer",
    expected: "a Docker daemon that this user may use",
    fix: next,
  });
}

async function hasProgram(name: string): Promise<boolean> {
  return (await firstExecutable(systemPath(), name)) !== undefined;
}
