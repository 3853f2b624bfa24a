import { onContainers } from "../../lib/containers.ts";
import { withContainer } from "../../lib/examples.ts";
import type { Properties } from "../../lib/properties.ts";
import { show } from "../../lib/properties.ts";
import type { Finding, Rule } from "../../lib/rule.ts";

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

export const rule: Rule = {
  id: "container.groups",
  title: "No container is in a group that has power over the host.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.32", "OWASP ASI03"],
  why: "A group of the host opens its sockets, disks and password files to every container that has it.",
  fix: "Remove the group; give the container a group of its own and the file that it needs to that group.",
  waivable: "by-label",
  ...onContainers((container) => [
    ...container.texts("groupAdds").flatMap(({ path, value }) => judge(path, value, powerOf(value) ?? usualFor(value))),
    ...mainGroup(container),
  ]),
  examples: {
    good: [
      withContainer("No group", { groupAdds: [] }),
      withContainer("A group of its own", { groupAdds: ["20500", "app"] }),
      withContainer("Groups of graphics and sound", { groupAdds: ["video", "44", "audio", "render", "992"] }),
    ],
    bad: [
      "docker",
      "Docker",
      "999",
      "998",
      "systemd-journal",
      "root",
      "0",
      "+0",
      "disk",
      "6",
      "incus-admin",
      "lxd",
      "libvirt",
      "sudo",
      "shadow",
    ].map((group) => withContainer(`The group ${group}`, { groupAdds: [group] })),
  },
};

function judge(property: string, group: string, name: string | undefined): Finding[] {
  if (name === undefined) return [];
  const found = name === group ? show(group) : `${show(group)}, which is ${name}`;
  return [{ property, found, expected: "a group of the container's own" }];
}

/** Root's and any name `container.user` finds. */
function mainGroup(container: Properties): Finding[] {
  const group = /^\d+:([1-9]\d*)$/.exec(container.text("user") ?? "")?.[1];
  return group === undefined ? [] : judge(container.path("user"), group, powerOf(group));
}

function usualFor(group: string): string | undefined {
  return USUAL_FOR_DOCKER.has(Number(group)) ? "often docker" : undefined;
}

function powerOf(group: string): string | undefined {
  const name = group.trim().toLowerCase();
  if (POWERFUL.has(name)) return name;
  return /^[+-]?\d{1,9}$/.test(name) ? POWERFUL_NUMBERS.get(Math.abs(Number(name))) : undefined;
}
