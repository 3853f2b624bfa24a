import Docker from "dockerode";
import { Command } from "commander";
import type { BuiltLock } from "../../components/container/image-lock.ts";
import { sshTarget } from "../../components/host/docker-host.ts";
import { connectDocker } from "../docker/connect.ts";
import { dockerAddress } from "../docker/ping.ts";
import { registryAccount } from "../docker/registry-account.ts";
import { checkout } from "../engine/session.ts";
import { withLock } from "../lib/lock.ts";
import { withProgress } from "../lib/progress.ts";
import { problem } from "../lib/report.ts";
import { reasonOf } from "../toolchain/reason.ts";
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
    .argument("[keys...]", "keys of the image lock; all with a recipe when none is named")
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

async function build(keys: readonly string[], deployment: Deployment, fresh: boolean): Promise<BuildOutcome[]> {
  const lock = await readImageLock(deployment.imagesLock);
  const { docker, daemon } = await openDaemon(deployment);
  const { registry: name, builtLock } = deployment;
  const account = name === undefined ? undefined : await registryAccount(name);
  const registry = name === undefined ? undefined : { name, ...(account !== undefined && { account }) };
  return withProgress("Building images", (progress) =>
    withLock(
      `${builtLock}.lock`,
      async () =>
        buildOwn(keys, {
          checkout,
          lock,
          built: await readBuiltLock(builtLock),
          docker,
          daemon,
          ...(registry !== undefined && { registry }),
          fresh,
          say: (message) => {
            progress.update(message);
          },
          record: (built: BuiltLock) => writeBuiltLock(builtLock, built),
        }),
      {
        onWait: ({ pid }) => {
          progress.note(`process ${String(pid)} is building for this deployment; waiting for it`);
        },
      },
    ),
  );
}

/** Images for a registry are built here; others where they run. */
async function openDaemon({ docker: settings, registry, stack }: Deployment) {
  if (registry !== undefined) return answering(new Docker(), dockerAddress(), "npm run doctor");
  if (settings !== undefined) return answering(connectDocker(settings), settings.host, nextOn(settings.host));
  throw problem("There is no daemon to build on", {
    subject: `garrison:docker.host of stack ${stack}`,
    found: "nothing: the stack makes its machine itself",
    expected: "a registry that the machine can pull from",
    next: `pulumi config set --stack ${stack} --path garrison:images.registry <registry>`,
  });
}

async function answering(docker: Docker, daemon: string, next: string): Promise<{ docker: Docker; daemon: string }> {
  try {
    await docker.version();
    return { docker, daemon };
  } catch (error) {
    throw problem("No Docker daemon answers", {
      subject: daemon,
      found: reasonOf(error),
      expected: "the daemon that the images are built on",
      next,
    });
  }
}

/** What brings a daemon where there is none, or tells what is wrong with it. */
function nextOn(host: string): string {
  if (!host.startsWith("ssh://")) return "npm run doctor";
  const { destination, port } = sshTarget({ host });
  const ssh = port === "22" ? `ssh ${destination}` : `ssh -p ${port} ${destination}`;
  return `${ssh} 'sudo apt-get install docker.io apparmor ca-certificates && sudo adduser $(id -un) docker'`;
}

function lineOf({ key, kind, reference, seconds }: BuildOutcome): string {
  return `✓ ${key}: ${reference}${kind === "kept" ? " (as before)" : `, ${String(seconds)} s`}`;
}
