import { join } from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { PROGRAM_PATH } from "./bundle/host-script.ts";
import type { DockerSettings } from "./docker-host.ts";
import { rootShell } from "./host-command.ts";
import { shellCall, shellFile } from "../lib/shell.ts";

export interface HostKeyArgs {
  /** How the machine is reached, without its host key: `ssh://` with a user. */
  readonly docker: pulumi.Input<Omit<DockerSettings, "hostKey">>;
  /** Public half of the key that the machine is born with, `ecdsa-sha2-nistp256 …`. */
  readonly firstBootKey: pulumi.Input<string>;
  /** Identifies the machine: another one is asked for its key. */
  readonly machine: pulumi.Input<string>;
}

/** Of another kind than the key of the first boot. */
const LASTING = /^ssh-ed25519 [A-Za-z0-9+/]+=*$/;

/**
 * The host key that a new machine makes for itself. One connection, pinned to the key of its first boot, waits until the
 * machine is ready and asks for the lasting one; everything else connects with that. Until the machine is told to
 * forget its first-boot key (`Host` does), this can be repeated, so it may be cut off anywhere.
 */
export class HostKey extends pulumi.ComponentResource {
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: pulumi.Output<string>;
  /** How the machine is reached from then on. */
  readonly docker: pulumi.Output<DockerSettings>;

  constructor(name: string, args: HostKeyArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:host:HostKey", name, {}, opts);
    const asked = new command.local.Command(
      `${name}-command`,
      {
        create: pulumi
          .all([args.docker, args.firstBootKey])
          .apply(([docker, firstBootKey]) => firstBootLine({ ...docker, hostKey: firstBootKey })),
        stdin: READY,
        // Another address is no reason to ask again: the machine may have forgotten its first-boot key by now.
        update: `printf '%s\\n' "$PULUMI_COMMAND_STDOUT"`,
        triggers: [args.machine, args.firstBootKey],
      },
      { parent: this },
    );
    this.hostKey = asked.stdout.apply((stdout) => {
      const key = stdout.trim();
      if (!LASTING.test(key)) throw new Error(`${name}: the machine's answer is no host key: ${key.slice(0, 100)}`);
      return key;
    });
    this.docker = pulumi.all([args.docker, this.hostKey]).apply(([docker, hostKey]) => ({ ...docker, hostKey }));
    this.registerOutputs({ hostKey: this.hostKey });
  }
}

/** How often a connection is tried while a machine boots, ten seconds apart or slower. */
const ATTEMPTS = 90;

/** What the machine is asked, once it answers. */
export const READY = shellFile(join(import.meta.dirname, "ready.sh")) + shellCall("ready", PROGRAM_PATH);

/**
 * Waits for the machine, then for the end of its cloud-init, and has it make its lasting key. What ssh itself cannot do
 * (255) is tried again; what the machine refuses is not.
 *
 * No connection is shared: one that trusts the first-boot key must not carry what is meant for the lasting one.
 */
export function firstBootLine(docker: DockerSettings): string {
  return `script=$(cat)
attempt=1
while :; do
  code=0
  printf '%s\\n' "$script" | (${rootShell(docker, "-s", "fresh")}) || code=$?
  [ "$code" = 255 ] || exit "$code"
  [ "$attempt" -lt ${String(ATTEMPTS)} ] || break
  attempt=$((attempt + 1))
  sleep 10
done
echo "garrison: the machine does not answer with the host key of its first boot" >&2
exit 255`;
}
