import type { Bundle, BundleEntry } from "#components/host/bundle/bundle.ts";
import type { DebianMachine } from "./debian-machine.ts";

/** Where the program keeps its journal. */
export const programHome = "/var/lib/garrison/host";

/** Shell that prints what a run of the program must not leave behind. */
export const leftovers = `find /etc /usr/local /var/lib/garrison -xdev -name '.*.garrison-*'; ls -d ${["staging", "live", "undoing.old", "previous.old", "applied.new"].map((name) => `${programHome}/${name}`).join(" ")} /run/garrison-host.* 2>/dev/null`;

/** A bundle of files alone. */
export function bundleOf(entries: readonly BundleEntry[], rest: Partial<Bundle> = {}): Bundle {
  return { host: "test", packages: [], users: [], entries, enabled: [], confirmSeconds: 30, ...rest };
}

/** Forgets everything that a test configured. */
export async function clearMachine(machine: DebianMachine): Promise<void> {
  await machine.shell(
    "rm -rf /var/lib/garrison /etc/garrison-test /usr/local/lib/garrison /etc/sudoers.d/90-* /etc/nginx/conf.d/* /etc/sysctl.d/90-*",
  );
}
