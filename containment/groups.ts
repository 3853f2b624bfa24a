// Whoever is in one of these controls a daemon, a disk or all passwords of the host, whose numbers it shares.
const POWERFUL = new Set([
  "adm",
  "admin",
  "backup",
  "containerd",
  "crio",
  "disk",
  "docker",
  "incus",
  "incus-admin",
  "kmem",
  "kvm",
  "libvirt",
  "lxd",
  "microk8s",
  "podman",
  "root",
  "shadow",
  "ssl-cert",
  "staff",
  "sudo",
  "systemd-journal",
  "wheel",
]);

// Numbers that base-passwd gives on Debian and Ubuntu, and setup on Fedora and its kin.
const POWERFUL_NUMBERS = new Map([
  [0, "root"],
  [4, "adm"],
  [6, "disk"],
  [10, "wheel"],
  [15, "kmem"],
  [27, "sudo"],
  [34, "backup"],
  [42, "shadow"],
  [50, "staff"],
]);

/**
 * Numbers that `docker` gets where a package makes the group: systems count down from 999. Those of `render`, which lies
 * among them on Ubuntu, are left out; so is the main group of a `user`, since images number theirs in the same way.
 */
const USUAL_FOR_DOCKER = new Set([281, 986, 987, 988, 990, 991, 994, 995, 996, 997, 998, 999]);

/** The group with power over the host that a name or number of a user's main group is. */
export function powerOfGroup(group: string): string | undefined {
  const name = group.trim().toLowerCase();
  if (POWERFUL.has(name)) return name;
  return /^[+-]?\d{1,9}$/.test(name) ? POWERFUL_NUMBERS.get(Math.abs(Number(name))) : undefined;
}

/** The same of a group that is added to a container, where the usual numbers of `docker` count too. */
export function powerOfAddedGroup(group: string): string | undefined {
  return powerOfGroup(group) ?? (USUAL_FOR_DOCKER.has(Number(group)) ? "often docker" : undefined);
}
