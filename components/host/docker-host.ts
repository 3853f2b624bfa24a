import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { shellQuote } from "../lib/shell.ts";
import type { Settings } from "../settings/settings.ts";

/** A machine through which another one is reached; it can do nothing with what goes through. */
export interface JumpHost {
  /** `ssh://user@host[:port]`; the user's key is the one of the machine behind. */
  readonly host: string;
  readonly hostKey: string;
}

export type DockerSettings = Settings["docker"] & { readonly jump?: JumpHost };

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
export function makeSshDirectory(): void {
  mkdirSync(join(userInfo().homedir, ".ssh"), { recursive: true, mode: 0o700 });
}

export function isRemote(settings: DockerSettings): boolean {
  return settings.host.startsWith("ssh://");
}

/**
 * Options of every ssh connection to the machine.
 *
 * The host key comes from the settings and from nowhere else; one connection is shared, because sshd starts to
 * drop connections when many open at once. What one key has proven is not shared with what expects another: the machine
 * may have been replaced by one at the same address.
 */
export function sshOptions(settings: DockerSettings): string[] {
  const options = {
    BatchMode: "yes",
    ConnectTimeout: "10",
    StrictHostKeyChecking: "yes",
    GlobalKnownHostsFile: "/dev/null",
    UserKnownHostsFile: "/dev/null",
    KnownHostsCommand: `/bin/echo %H ${settings.hostKey ?? ""}`,
    // A machine that goes away in the middle is noticed, instead of being waited for.
    ServerAliveInterval: "15",
    ServerAliveCountMax: "4",
    ControlMaster: "auto",
    ControlPath: `~/.ssh/garrison-%C-${fingerprint(settings.hostKey ?? "")}`,
    ControlPersist: "60",
    ...(settings.identityFile !== undefined && { IdentitiesOnly: "yes" }),
    ...(settings.jump && { ProxyCommand: proxyCommand(settings, settings.jump) }),
  };
  return [
    ...Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
    ...(settings.identityFile === undefined ? [] : ["-i", settings.identityFile]),
  ];
}

/** Short, because the path of a socket is. */
function fingerprint(hostKey: string): string {
  return createHash("sha256").update(hostKey).digest("hex").slice(0, 8);
}

/**
 * `ProxyJump` would take neither the pinned key nor the options; the connection is the other one's alone, because a
 * shared one would stay behind it. ssh replaces what follows a % in the line.
 */
function proxyCommand({ identityFile, cgroupDriver }: DockerSettings, jump: JumpHost): string {
  const { destination, port } = sshTarget(jump);
  const own = [
    "-o",
    "ControlMaster=no",
    "-o",
    "ControlPath=none",
    ...sshOptions({ ...jump, identityFile, cgroupDriver }),
  ];
  const words = ["ssh", ...own, "-p", port].map((word) => shellQuote(word).replaceAll("%", "%%"));
  return [...words, "-W", "%h:%p", "--", destination].join(" ");
}

/** Splits `ssh://user@host:port`. */
export function sshTarget(settings: Pick<DockerSettings, "host">): { destination: string; port: string } {
  const url = new URL(settings.host);
  return { destination: `${url.username}@${url.hostname}`, port: url.port === "" ? "22" : url.port };
}
