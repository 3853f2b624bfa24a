import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

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
  ...onContainers((container) => [...MODES.flatMap((mode) => shared(container, mode)), ...hostNetwork(container)]),
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
      {
        title: "A service on the host's network",
        resources: [
          {
            type: type.service,
            name: "service",
            properties: { name: "service", taskSpec: { networksAdvanceds: [{ name: "host" }] } },
          },
        ],
      },
      withContainer("The host's control groups", { cgroupnsMode: "host" }),
    ],
  },
};

function shared(container: Properties, mode: (typeof MODES)[number]): Finding[] {
  const found = container.text(mode);
  if (found === undefined || !/^(host$|shareable$|container:|ns:)/i.test(found.trim())) return [];
  const expected = mode === "networkMode" ? "not set, or none" : "private, or not set";
  return [{ property: container.path(mode), found: show(found), expected }];
}

/** The id of the host's network is not told from others; its name is, wherever the provider takes one. */
function hostNetwork(container: Properties): Finding[] {
  return container
    .objects("networksAdvanced")
    .flatMap((network) =>
      (["name", "id"] as const)
        .filter((field) => network.text(field)?.trim().toLowerCase() === "host")
        .map((field) => ({ property: network.path(field), found: '"host"', expected: "the name of a network" })),
    );
}
