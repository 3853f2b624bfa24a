import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesScript } from "#components/files/files-script.ts";
import type { ServiceFiles } from "#components/files/plan-files.ts";

// Real mounts and the real systemd-creds, in a mount namespace of its own that looks as if systemd ran. What is not
// real: systemctl, because nothing here is process 1.
const estate = `gt${randomBytes(2).toString("hex")}`;
const canary = "canary-of-the-encrypted-store";
const user = { uid: 20_001, gid: 20_001 };
const directories = [{ source: `/run/garrison/${estate}/page/etc-page`, target: "/etc/page", files: { key: canary } }];
const files: ServiceFiles[] = [{ service: "page", user, secrets: [], directories }];

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-host-files-"));
  await writeFile(join(directory, "systemctl"), '#!/bin/sh\n[ "$2" != is-enabled ]\n');
  await chmod(join(directory, "systemctl"), 0o755);
  const script = filesScript(estate, files).replaceAll("PATH=/usr/local/sbin:", `PATH=${directory}:/usr/local/sbin:`);
  await writeFile(join(directory, "deliver.sh"), script, { mode: 0o600 });
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs shell in the namespace: `deliver <mode>` is the host command, `boot` what the unit does. */
async function asIfBooted(body: string): Promise<string> {
  const script = `set -eu
mount -t tmpfs tmpfs /run/systemd
mkdir /run/systemd/system
for path in /etc/systemd/system /run/garrison /var/lib/garrison; do mkdir -p "$path"; mount -t tmpfs -o mode=0755 tmpfs "$path"; done
deliver() { sh -s "$1" <${directory}/deliver.sh; }
boot() { sh /var/lib/garrison/host/program start ${estate}/files; }
root=/run/garrison/${estate}
${body}`;
  const { stdout } = await execa("unshare", ["--mount", "sh", "-c", script], { env: { SYSTEMD_LOG_LEVEL: "err" } });
  return stdout;
}

test("a reboot empties the memory, and the unit fills it again from a store that only this machine opens", async () => {
  const output = await asIfBooted(`
deliver apply
store=/var/lib/garrison/${estate}/files/previous/store
stat -c '%a %U' "$store" /var/lib/garrison/${estate}
for text in '${canary}' '${Buffer.from(canary).toString("base64")}'; do ! grep -rq "$text" /var/lib/garrison /etc/systemd/system; done
grep -q '${canary}' "$root/page/etc-page/key" # the search finds it where it is
umount "$root"
[ ! -e "$root/page" ]
boot
cat "$root/page/etc-page/key"; echo
stat -c '%a %u:%g' "$root/page/etc-page/key"
awk -v at="$root" '$2 == at { print $3, $4 }' /proc/self/mounts
systemd-analyze verify /etc/systemd/system/garrison-${estate}-files.service
printf 'x' | dd of="$store" bs=1 seek=40 conv=notrunc status=none
if boot 2>/dev/null; then echo opened; else echo refused; fi
cat "$root/page/etc-page/key"; echo
deliver apply
boot && echo again
deliver remove
ls -A /run/garrison /var/lib/garrison /etc/systemd/system
`);
  expect(output.split("\n").map((line) => line.replace(/^(tmpfs rw,nosuid,nodev,noexec),.*mode=711.*/, "$1"))).toEqual([
    "600 root",
    "700 root",
    canary,
    "400 20001:20001",
    "tmpfs rw,nosuid,nodev,noexec",
    "refused",
    canary,
    "again",
    "/etc/systemd/system:",
    "",
    "/run/garrison:",
    "",
    "/var/lib/garrison:",
  ]);
  await expect(stat(`/run/garrison/${estate}`)).rejects.toThrow("ENOENT");
});
