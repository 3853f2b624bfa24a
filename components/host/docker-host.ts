import { mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

export type DockerSettings = Settings["docker"];

/** Declares the provider of a machine's Docker daemon. How to reach a machine may be known only once it exists. */
export function dockerProvider(
  name: string,
  settings: pulumi.Input<DockerSettings>,
  opts: pulumi.CustomResourceOptions,
): docker.Provider {
  const found = pulumi.output(settings);
  const sshOpts = found.apply((known) => {
    if (!isRemote(known)) return undefined;
    makeSshDirectory();
    return sshOptions(known);
  });
  return new docker.Provider(name, { host: found.host, sshOpts: sshOpts as pulumi.Output<string[]> }, opts);
}

/** Where the shared connection's socket lies, out of others' reach. ssh does not make it when it only needs a socket. */
function makeSshDirectory(): void {
  mkdirSync(join(userInfo().homedir, ".ssh"), { recursive: true, mode: 0o700 });
}

export function isRemote(settings: DockerSettings): boolean {
  return settings.host.startsWith("ssh://");
}

/**
 * Options of every ssh connection to the machine.
 *
 * The host key comes from the settings and from nowhere else; one connection is shared, because sshd starts to
 * drop connections when many open at once.
 */
export function sshOptions(settings: DockerSettings): string[] {
  const options = {
    BatchMode: "yes",
    ConnectTimeout: "10",
    StrictHostKeyChecking: "yes",
    GlobalKnownHostsFile: "/dev/null",
    UserKnownHostsFile: "/dev/null",
    KnownHostsCommand: `/bin/echo %H ${settings.hostKey ?? ""}`,
    ControlMaster: "auto",
    ControlPath: "~/.ssh/garrison-%C",
    ControlPersist: "60",
    ...(settings.identityFile !== undefined && { IdentitiesOnly: "yes" }),
  };
  return [
    ...Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
    ...(settings.identityFile === undefined ? [] : ["-i", settings.identityFile]),
  ];
}

/** Splits `ssh://user@host:port`. */
export function sshTarget(settings: DockerSettings): { destination: string; port: string } {
  const url = new URL(settings.host);
  return { destination: `${url.username}@${url.hostname}`, port: url.port === "" ? "22" : url.port };
}
