import { Command } from "commander";
import Docker from "dockerode";
import type { BuiltLock } from "#components/container/image-lock.ts";
import { sshTarget } from "#components/host/docker-host.ts";
import { onStack, setCommand } from "#components/lib/config-command.ts";
import { dockerAddress } from "#helpers/docker/ping.ts";
import { checkout } from "#helpers/files/directories.ts";
import { withLock } from "#helpers/files/lock.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { reasonOf } from "#helpers/terminal/reason.ts";
import { problem } from "#helpers/terminal/report.ts";
import { connectDocker } from "../docker/connect.ts";
import type { DockerConnection } from "../docker/connect.ts";
import { registryAccount } from "../docker/registry-account.ts";
import { buildOwn } from "./build-own.ts";
import type { BuildOutcome } from "./build-own.ts";
import { readDeployment } from "./deployment.ts";
import type { Deployment } from "./deployment.ts";
import { readBuiltLock, readImageLock, writeBuiltLock } from "./lock-file.ts";

interface Options {
  readonly stack: string;
  readonly configFile?: string;
  readonly fresh?: true;
  readonly json?: true;
}

/** `npm run images -- build [keys…]`. */
export function buildCommand(): Command {
  return new Command("build")
    .description(
      "build the estate's own images on the machine's daemon, or into the registry of the settings, and record them for the deployment",
    )
    .argument("[keys...]", "keys of the image lock; those that the deployment runs when none is named")
    .option("--stack <name>", "the deployment", "office")
    .option("--config-file <path>", "its settings, where they are not in the checkout")
    .option("--fresh", "build again what is there already: for newer packages")
    .option("--json", "print the result as JSON")
    .action(async (keys: string[], options: Options) => {
      const deployment = readDeployment(options);
      const outcomes = await build(keys, deployment, options.fresh === true);
      if (options.json === true) {
        console.log(JSON.stringify({ stack: deployment.stack, lock: deployment.builtLock, images: outcomes }, null, 2));
        return;
      }
      for (const outcome of outcomes) console.log(lineOf(outcome));
      console.error(`  Recorded in ${deployment.builtLock}`);
    });
}

async function build(named: readonly string[], deployment: Deployment, fresh: boolean): Promise<BuildOutcome[]> {
  const lock = await readImageLock(deployment.imagesLock);
  const own = deployment.keys.filter((key) => lock.images[key]?.recipe !== undefined);
  const keys = named.length === 0 ? own : named;
  const { registry: name, builtLock } = deployment;
  const account = name === undefined ? undefined : await registryAccount(name);
  const connection = openDaemon(deployment);
  const { docker, daemon, next } = connection;
  const options = {
    checkout,
    lock,
    docker,
    daemon,
    ...(name !== undefined && { registry: { name, ...(account !== undefined && { account }) } }),
    fresh,
    record: (built: BuiltLock) => writeBuiltLock(builtLock, built),
  };
  try {
    await requireAnswer(docker, daemon, next);
    return await withProgress("Building images", (progress) => {
      const say = (message: string): void => {
        progress.update(message);
      };
      const work = async () =>
        buildOwn(keys, { ...options, say, built: await readBuiltLock(builtLock, deployment.stack) });
      return withLock(`${builtLock}.lock`, work, {
        onWait: ({ pid }) => {
          progress.note(`process ${String(pid)} is building for this deployment; waiting for it`);
        },
      });
    });
  } finally {
    connection.close();
  }
}

interface Daemon extends DockerConnection {
  /** As the settings name it. */
  readonly daemon: string;
  /** What to type where it does not answer. */
  readonly next: string;
}

/** Images for a registry are built here; others where they run. */
function openDaemon({ docker: settings, registry, stack }: Deployment): Daemon {
  if (registry !== undefined) {
    return { docker: new Docker(), daemon: dockerAddress(), next: "npm run doctor", close: () => undefined };
  }
  if (settings !== undefined) {
    return { ...connectDocker(settings), daemon: settings.host, next: nextOn(settings.host) };
  }
  throw problem("There is no daemon to build on", {
    property: `garrison:docker.host of stack ${stack}`,
    found: "nothing: the stack makes its machine itself",
    expected: "a registry that the machine can pull from",
    fix: onStack(setCommand(["images", "registry"], "ghcr.io/<owner>"), stack),
  });
}

async function requireAnswer(docker: Docker, daemon: string, next: string): Promise<void> {
  try {
    await docker.version();
  } catch (error) {
    const found = reasonOf(error);
    const otherKey = found.includes("Host key verification failed");
    throw problem("No Docker daemon answers", {
      property: daemon,
      // ssh begins with a picture.
      found: found.split("\n").slice(-2).join("\n"),
      expected: otherKey
        ? "the machine whose key is in garrison:docker.hostKey"
        : "the daemon that images are built on",
      fix: otherKey ? "on the machine, at its console: cat /etc/ssh/ssh_host_ed25519_key.pub" : next,
    });
  }
}

/** What brings a daemon where there is none. */
function nextOn(host: string): string {
  if (!host.startsWith("ssh://")) return "npm run doctor";
  const { destination, port } = sshTarget({ host });
  const ssh = port === "22" ? `ssh ${destination}` : `ssh -p ${port} ${destination}`;
  return `${ssh} 'sudo apt-get install docker.io apparmor ca-certificates && sudo adduser $(id -un) docker'`;
}

function lineOf({ key, kind, reference, seconds }: BuildOutcome): string {
  return `✓ ${key}: ${reference}${kind === "kept" ? " (as before)" : `, ${String(seconds)} s`}`;
}
