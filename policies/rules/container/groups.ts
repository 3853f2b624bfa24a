import { onContainers } from "../../lib/containers.ts";
import { withContainer } from "../../lib/examples.ts";
import { show } from "../../lib/properties.ts";
import type { Rule } from "../../lib/rule.ts";

// Whoever is in one of these controls a daemon, a disk or all passwords of the host, whose numbers it shares.
const POWERFUL = new Set([
  "adm",
  "containerd",
  "disk",
  "docker",
  "incus",
  "incus-admin",
  "kmem",
  "kvm",
  "libvirt",
  "lxd",
  "podman",
  "root",
  "shadow",
  "sudo",
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
  [42, "shadow"],
]);

export const rule: Rule = {
  id: "container.groups",
  title: "No container is in a group that has power over the host.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.32", "OWASP ASI03"],
  why: "A group of the host opens its sockets, disks and password files to every container that has it.",
  fix: "Remove the group; give the container a group of its own and the file that it needs to that group.",
  waivable: "by-label",
  ...onContainers((container) =>
    container.texts("groupAdds").flatMap(({ path, value }) => {
      const name = powerOf(value);
      if (name === undefined) return [];
      const found = name === value ? show(value) : `${show(value)}, which is ${name}`;
      return [{ property: path, found, expected: "a group of the container's own" }];
    }),
  ),
  examples: {
    good: [
      withContainer("No group", { groupAdds: [] }),
      withContainer("A group of its own", { groupAdds: ["20500", "app"] }),
    ],
    bad: ["docker", "Docker", "root", "0", "+0", "disk", "6", "incus-admin", "lxd", "libvirt", "sudo", "shadow"].map(
      (group) => withContainer(`The group ${group}`, { groupAdds: [group] }),
    ),
  },
};

function powerOf(group: string): string | undefined {
  const name = group.trim().toLowerCase();
  if (POWERFUL.has(name)) return name;
  return /^[+-]?\d{1,9}$/.test(name) ? POWERFUL_NUMBERS.get(Math.abs(Number(name))) : undefined;
}
