import { execa } from "execa";
import type { Done } from "./debian-machine.ts";

/** Memory over what the host's program writes to; what is in /etc is a copy. All of it is gone with the shell. */
const MOUNTS = `set -eu
for place in /srv /run /var/lib /usr/local; do mount -t tmpfs -o mode=755 tmpfs "$place"; done
mkdir /run/etc
cp -a /etc/. /run/etc/
mount --bind /run/etc /etc
as_nobody() { setpriv --reuid nobody --regid nogroup --clear-groups "$@"; }
`;

/** Runs shell as root where these mounts are its own: what it does to the machine, nobody else sees. */
export async function inOwnMounts(script: string, environment: Readonly<Record<string, string>>): Promise<Done> {
  const { exitCode, stdout, stderr } = await execa(
    "unshare",
    ["--mount", "--propagation", "private", "--fork", "--pid", "--kill-child", "sh", "-c", MOUNTS + script],
    { env: environment, reject: false, stdin: "ignore", timeout: 110_000 },
  );
  return { exitCode: exitCode ?? -1, stdout, stderr };
}
