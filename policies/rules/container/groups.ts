import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { powerOfAddedGroup, powerOfGroup } from "../../../containment/groups.ts";

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
    ...container.texts("groupAdds").flatMap(({ path, value }) => judge(path, value, powerOfAddedGroup(value))),
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
  return group === undefined ? [] : judge(container.path("user"), group, powerOfGroup(group));
}
