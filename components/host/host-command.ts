import { join } from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { isRemote, sshOptions, sshTarget } from "./docker-host.ts";
import type { DockerSettings } from "./docker-host.ts";
import { shellFile, shellQuote } from "../lib/shell.ts";

/** A script for one host. It is run with `apply`, and with `remove` when it is no longer declared or replaced. */
export interface HostScript {
  /** Shell, POSIX. Can be run again at any time. */
  readonly text: pulumi.Input<string>;
  /**
   * The text holds secrets: it is kept encrypted, and what it prints is shown to nobody, but for what it writes to the
   * file descriptor `$tell` in words of its own.
   * @default false
   */
  readonly secret?: boolean;
  /** What it does ends by itself, with what it was done to: nothing is run then. @default false */
  readonly endsByItself?: true;
  /** Runs again when one of these changes; a change of the text does that by itself. */
  readonly triggers?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * The command's error repeats whatever was printed, to whoever watches and into logs, however secret the script and
 * `logging: none`. So a script with secrets prints nothing, and neither does the shell that stumbles over it.
 */
const SILENCE = shellFile(join(import.meta.dirname, "silence.sh"));

/**
 * Runs a script as root on the machine that has the Docker daemon: here, or over ssh with the machine's pinned host
 * key. The script travels on stdin. Where we are not root, `sudo -n` is asked.
 *
 * @param docker how the machine is reached; may be known only once the machine exists
 */
export function hostCommand(
  name: string,
  docker: pulumi.Input<DockerSettings>,
  script: HostScript,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const settings = pulumi.output(docker);
  const environment = settings.apply((known): Record<string, string> | undefined =>
    isRemote(known) ? undefined : { DOCKER_HOST: known.host },
  );
  return new command.local.Command(
    name,
    {
      create: settings.apply((known) => commandLine(known, "apply")),
      ...(script.endsByItself !== true && { delete: settings.apply((known) => commandLine(known, "remove")) }),
      stdin: script.secret === true ? pulumi.output(script.text).apply((text) => SILENCE + text) : script.text,
      addPreviousOutputInEnv: false,
      environment: environment as pulumi.Output<Record<string, string>>,
      ...(script.triggers !== undefined && { triggers: script.triggers }),
      ...(script.secret === true && { logging: "none" }),
    },
    { ...opts, ...(script.secret === true && { additionalSecretOutputs: ["stdin", "stdout", "stderr"] }) },
  );
}

function commandLine(settings: DockerSettings, mode: "apply" | "remove"): string {
  return rootShell(settings, `-s ${mode}`);
}

/**
 * A line of shell that runs `sh <args>` as root on the machine.
 *
 * @param connection `fresh` shares no connection with anything else, so that it proves that one can be made
 */
export function rootShell(settings: DockerSettings, args: string, connection: "shared" | "fresh" = "shared"): string {
  const asRoot = [
    `[ "$(id -u)" = 0 ] && exec sh ${args}`,
    `sudo -n -l sh ${args} >/dev/null 2>&1 || { echo "garrison: $(id -un) on $(uname -n) is not root and has no sudo without a password, which this machine's deployment needs" >&2; exit 1; }`,
    `exec sudo -n --preserve-env=DOCKER_HOST sh ${args}`,
  ].join("; ");
  if (!isRemote(settings)) return asRoot;
  const { destination, port } = sshTarget(settings);
  // ssh takes the first value that it is given.
  const first = connection === "fresh" ? ["-o", "ControlMaster=no", "-o", "ControlPath=none"] : [];
  const words = ["ssh", ...first, ...sshOptions(settings), "-p", port, "--", destination, asRoot];
  return words.map(shellQuote).join(" ");
}

/** A line of shell after which the shared connection takes nothing new; what still runs over it ends in peace. */
export function leaveShared(settings: DockerSettings): string {
  if (!isRemote(settings)) return ":";
  const { destination, port } = sshTarget(settings);
  const words = ["ssh", ...sshOptions(settings), "-O", "stop", "-p", port, "--", destination];
  return `${words.map(shellQuote).join(" ")} 2>/dev/null || :`;
}
