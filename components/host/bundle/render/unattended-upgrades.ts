import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";

/** Security updates by themselves, and nothing else: a new version of Docker is a deployment and not an accident. */
export function unattendedUpgrades(): BundleEntry[] {
  const text = `// Made by Garrison; a change by hand does not stay.
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT::Periodic::AutocleanInterval "7";
#clear Unattended-Upgrade::Origins-Pattern;
Unattended-Upgrade::Origins-Pattern { "origin=Debian,codename=\${distro_codename}-security,label=Debian-Security"; };
// garrison-runtime tells every day which security updates of these wait, and since when.
Unattended-Upgrade::Package-Blacklist { "^docker"; "^containerd"; "^runc$"; };
// A machine that restarts at night by itself takes the estate with it: the operator is told instead.
Unattended-Upgrade::Automatic-Reboot "false";
// Stops between two packages when the machine is shut down.
Unattended-Upgrade::MinimalSteps "true";
Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";
`;
  return [entry("/etc/apt/apt.conf.d/52garrison", text, { check: "apt" })];
}
