import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { isRemote, sshOptions, sshTarget } from "./docker-host.ts";
import type { DockerSettings } from "./docker-host.ts";
import { shellQuote } from "./shell.ts";

/** A script for one host. It is run with `apply`, and with `remove` when it is no longer declared. */
export interface HostScript {
  /** Shell, POSIX. Can be run again at any time. */
  readonly text: pulumi.Input<string>;
  /** The text holds secrets: it is kept encrypted, and what it prints is shown to nobody. @default false */
  readonly secret?: boolean;
  /** Runs again when one of these changes; a change of the text does that by itself. */
  readonly triggers?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Runs a script as root on the machine that has the Docker daemon: here, or over ssh with the machine's pinned host
 * key. The script travels on stdin. Where we are not root, `sudo -n` is asked.
 */
export function hostCommand(
  name: string,
  settings: DockerSettings,
  script: HostScript,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return new command.local.Command(
    name,
    {
      create: commandLine(settings, "apply"),
      delete: commandLine(settings, "remove"),
      stdin: script.text,
      addPreviousOutputInEnv: false,
      ...(!isRemote(settings) && { environment: { DOCKER_HOST: settings.host } }),
      ...(script.triggers !== undefined && { triggers: script.triggers }),
      ...(script.secret === true && { logging: "none" }),
    },
    { ...opts, ...(script.secret === true && { additionalSecretOutputs: ["stdin", "stdout", "stderr"] }) },
  );
}

function commandLine(settings: DockerSettings, mode: "apply" | "remove"): string {
  const asRoot = [
    `[ "$(id -u)" = 0 ] && exec sh -s ${mode}`,
    `sudo -n -l sh -s ${mode} >/dev/null 2>&1 || { echo "garrison: $(id -un) on $(uname -n) is not root and has no sudo without a password, which this machine's deployment needs" >&2; exit 1; }`,
    `exec sudo -n --preserve-env=DOCKER_HOST sh -s ${mode}`,
  ].join("; ");
  if (!isRemote(settings)) return asRoot;
  const { destination, port } = sshTarget(settings);
  const words = ["ssh", ...sshOptions(settings), "-p", port, "--", destination, asRoot];
  return words.map(shellQuote).join(" ");
}
