import { GVISOR_RELEASE } from "#components/container/gvisor.ts";
import { refuse } from "#components/lib/problems.ts";
import type { Bundle, BundleUser } from "./bundle.ts";
import { hostProblems } from "./host-problems.ts";
import type { HostSpec, HostUser } from "./host-spec.ts";
import { renderEntries, unitsOf } from "./render/render-entries.ts";

/** Renders a machine to a bundle. @throws ProblemsError with everything that is wrong with the specification */
export function planBundle(spec: HostSpec): Bundle {
  refuse(`The machine ${spec.host} cannot be configured`, hostProblems(spec));
  const enabled = unitsOf(spec)
    .filter(({ enabled: wanted, install }) => wanted ?? install !== undefined)
    .map(({ name }) => name);
  return {
    host: spec.host,
    packages: sorted([...packagesOf(spec), ...(spec.packages ?? [])]),
    ...(spec.docker?.gvisor === "release" && { releases: [{ package: "runsc", release: GVISOR_RELEASE }] }),
    users: spec.users
      .filter(({ name }) => name !== "root")
      .map(bundleUser)
      .sort(byName),
    entries: renderEntries(spec),
    enabled: sorted([
      ...enabled,
      ...(spec.fail2ban === false ? [] : ["fail2ban.service"]),
      ...(spec.nginx === undefined ? [] : ["nginx.service"]),
    ]),
    confirmSeconds: spec.confirmSeconds ?? 120,
  };
}

/**
 * With what it only recommends, which is not installed by itself: without AppArmor's parser an old daemon runs containers
 * outside of their profile and says nothing (docker/for-linux#974), and without certificates it pulls nothing.
 */
const DOCKER = ["apparmor", "ca-certificates", "docker.io"];

function packagesOf(spec: HostSpec): string[] {
  return [
    "chrony",
    // What is hardened can be asked at any time.
    "lynis",
    "nftables",
    "openssh-server",
    "sudo",
    "unattended-upgrades",
    ...(spec.audit === false ? [] : ["auditd"]),
    // Reads the journal, where Debian 12's sshd logs.
    ...(spec.fail2ban === false ? [] : ["fail2ban", "python3-systemd"]),
    ...(spec.docker === undefined ? [] : DOCKER),
    ...(spec.docker?.gvisor === undefined ? [] : ["runsc"]),
    ...(spec.nginx === undefined ? [] : ["nginx"]),
  ];
}

function bundleUser({ name, uid, shell = "/bin/bash", groups = [] }: HostUser): BundleUser {
  return { name, uid, shell, groups: sorted(groups) };
}

function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
