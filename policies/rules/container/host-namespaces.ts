import { withContainer } from "../../lib/examples.ts";
import { show } from "../../lib/properties.ts";
import type { Resource } from "../../lib/resource.ts";
import type { Finding, Rule } from "../../lib/rule.ts";
import { type } from "../../lib/types.ts";

const MODES = ["networkMode", "pidMode", "ipcMode", "usernsMode", "cgroupnsMode"] as const;

export const rule: Rule = {
  id: "container.host-namespaces",
  title: "No container shares a namespace with the host or with another container.",
  severity: "critical",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.10", "CIS Docker 1.6.0, 5.16", "CIS Docker 1.6.0, 5.17", "CIS Docker 1.6.0, 5.31"],
  why: "In a shared namespace the container sees and reaches the other side's sockets, processes or memory.",
  fix: "Remove the mode; name networks of the container's own in `networksAdvanced`.",
  waivable: "by-record",
  types: [type.container],
  check: (resource) => [...MODES.flatMap((mode) => shared(resource, mode)), ...hostNetwork(resource)],
  examples: {
    good: [
      withContainer("A network of its own", {}),
      withContainer("Private namespaces", { ipcMode: "private", cgroupnsMode: "private" }),
    ],
    bad: [
      withContainer("The host's network", { networkMode: "host", networksAdvanced: undefined }),
      withContainer("Another container's network", { networkMode: "container:gateway", networksAdvanced: undefined }),
      withContainer("The host's network as one of several", { networksAdvanced: [{ name: "host" }] }),
      withContainer("The host's processes", { pidMode: "host" }),
      withContainer("Another container's processes", { pidMode: "container:gateway" }),
      withContainer("The host's shared memory", { ipcMode: "host" }),
      withContainer("Shared memory for anybody who asks", { ipcMode: "shareable" }),
      withContainer("The host's users", { usernsMode: "host" }),
      withContainer("The host's control groups", { cgroupnsMode: "host" }),
    ],
  },
};

function shared({ properties }: Resource, mode: (typeof MODES)[number]): Finding[] {
  const found = properties.text(mode);
  if (found === undefined || !/^(host$|shareable$|container:)/i.test(found.trim())) return [];
  const expected = mode === "networkMode" ? "not set, or none" : "private, or not set";
  return [{ property: mode, found: show(found), expected }];
}

function hostNetwork({ properties }: Resource): Finding[] {
  return properties
    .objects("networksAdvanced")
    .filter((network) => network.text("name")?.trim().toLowerCase() === "host")
    .map((network) => ({ property: network.path("name"), found: '"host"', expected: "the name of a network" }));
}
