import { onContainers } from "#lib/containers.ts";
import { container, labels, withContainer } from "#lib/examples.ts";
import { mountsIn } from "#lib/mounts.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { dangerOf } from "../../../containment/host-path.ts";

export const rule: Rule = {
  id: "container.host-path",
  title: "Containers write to volumes of their own, not to directories of the host.",
  severity: "low",
  // What a directory holds beside the container's data no program shows; `container.sensitive-mounts` knows the grave ones.
  level: "advisory",
  references: ["Kubernetes PSS baseline"],
  why: "A directory of the host is shared with whatever else the host keeps there, and a link in it leads anywhere.",
  fix: "Mount a named volume, or mount the directory read-only.",
  waivable: "by-label",
  ...onContainers((own) => {
    const written = mountsIn(own).filter(
      ({ kind, source, readOnly }) => kind === "host" && !readOnly && dangerOf(source, { readOnly }) === undefined,
    );
    const [first, ...others] = written;
    if (first === undefined) return [];
    const more = others.length === 0 ? "" : `, and ${String(others.length)} more`;
    return [{ property: first.property, found: `${show(first.source)}${more}`, expected: "named volumes" }];
  }),
  examples: {
    good: [
      withContainer("A named volume", { mounts: [{ type: "volume", source: "example-data", target: "/data" }] }),
      withContainer("A directory that is only read", {
        mounts: [{ type: "bind", source: "/srv/example", target: "/data", readOnly: true }],
      }),
      {
        title: "A directory under a waiver",
        resources: [
          container({
            labels: labels({ "garrison.waivers": "container.host-path" }),
            mounts: [{ type: "bind", source: "/srv/example", target: "/data" }],
          }),
        ],
      },
    ],
    bad: [
      withContainer("A directory of the host", { mounts: [{ type: "bind", source: "/a", target: "/data" }] }),
      withContainer("By host path", { volumes: [{ hostPath: "/srv/example", containerPath: "/data" }] }),
    ],
  },
};
