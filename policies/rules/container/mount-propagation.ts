import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";

const EXPECTED = "private or rprivate, or not set";
const bind = (propagation?: string) => ({
  mounts: [
    { type: "bind", source: "/srv/example", target: "/data", ...(propagation && { bindOptions: { propagation } }) },
  ],
});

export const rule: Rule = {
  id: "container.mount-propagation",
  title: "No mount spreads between a container and the host.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.20", "Kubernetes PSS restricted"],
  why: "What a container mounts on a shared mount appears on the host, and what the host mounts later appears in the container.",
  fix: "Remove `bindOptions.propagation`; the default is rprivate.",
  waivable: "by-label",
  ...onContainers((container) =>
    container.objects("mounts").flatMap((mount) => {
      const options = mount.object("bindOptions");
      const found = options.text("propagation");
      if (found === undefined || !/^r?(shared|slave)$/i.test(found.trim())) return [];
      return [{ property: options.path("propagation"), found: show(found), expected: EXPECTED }];
    }),
  ),
  examples: {
    good: [withContainer("The default", bind()), withContainer("Private", bind("rprivate"))],
    bad: ["shared", "rshared", "RShared", "slave", "rslave"].map((mode) => withContainer(mode, bind(mode))),
  },
};
