import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";

/** Files and directories by the number of the CIS Docker Benchmark 1.6 that wants them watched. */
const WATCHED: readonly (readonly [number: string, path: string])[] = [
  ["1.1.3", "/usr/bin/dockerd"],
  ["1.1.4", "/run/containerd"],
  ["1.1.5", "/var/lib/docker"],
  ["1.1.6", "/etc/docker"],
  ["1.1.7", "/usr/lib/systemd/system/docker.service"],
  ["1.1.8", "/run/containerd/containerd.sock"],
  ["1.1.9", "/usr/lib/systemd/system/docker.socket"],
  ["1.1.10", "/etc/default/docker"],
  ["1.1.11", "/etc/docker/daemon.json"],
  ["1.1.12", "/etc/containerd/config.toml"],
  ["1.1.13", "/etc/sysconfig/docker"],
  ["1.1.14", "/usr/bin/containerd"],
  ["1.1.15", "/usr/bin/containerd-shim"],
  ["1.1.16", "/usr/bin/containerd-shim-runc-v1"],
  ["1.1.17", "/usr/bin/containerd-shim-runc-v2"],
  ["1.1.18", "/usr/bin/runc"],
];

/** Who became somebody else, who logged in as what, and who touched our own means. */
const OURS = ["/etc/garrison", "/etc/ssh", "/etc/sudoers.d", "/usr/local/lib/garrison", "/var/lib/garrison"];

/**
 * Rules of the kernel's audit. Changes are recorded everywhere, executions of the daemon and its helpers too; reads of
 * /var/lib/docker are not, because every container makes thousands a second.
 */
export function auditRules(): BundleEntry[] {
  const docker = WATCHED.map(
    ([number, path]) => `# CIS ${number}\n-w ${path} -p ${path === "/var/lib/docker" ? "wa" : "rwxa"} -k docker`,
  );
  const own = OURS.map((path) => `-w ${path} -p wa -k garrison`);
  const text = `# Made by Garrison; a change by hand does not stay.
# A rule about a file that this machine does not have must not stop the ones behind it.
-c
-b 8192
# The kernel goes on when records are lost, and says so.
-f 1
${[...docker, ...own].join("\n")}
`;
  return [entry("/etc/audit/rules.d/50-garrison.rules", text, { mode: "640", actions: ["3:audit"] })];
}
