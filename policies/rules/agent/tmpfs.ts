import { onEachAgent } from "#lib/agent-rule.ts";
import { staged } from "#lib/agent-examples.ts";
import type { Resource } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { missingOptions } from "#lib/tmpfs.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "agent.tmpfs",
  title: "Every tmpfs of an agent has a size and is mounted noexec, nosuid and nodev.",
  severity: "medium",
  level: "mandatory",
  references: ["OWASP ASI05", "OWASP ASI08", "NSA/CISA Kubernetes hardening"],
  why: "A place in memory that runs programs is where a downloaded one is started, and without a size it takes half of the host's memory.",
  fix: "Write all of it down: `rw,noexec,nosuid,nodev,size=64m`; what a runtime does by default differs.",
  waivable: "by-label",
  types: [type.container],
  ...onEachAgent((resource) => [...byOption(resource), ...byMount(resource)]),
  examples: {
    good: [
      staged("agent-tmpfs-g1", "Every flag and a size", ({ agent }) => [
        agent({ tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=64m" } }),
      ]),
      staged("agent-tmpfs-g2", "A mount with a size, which Docker never lets run programs", ({ agent }) => [
        agent({ mounts: [{ type: "tmpfs", target: "/tmp", tmpfsOptions: { sizeBytes: 67_108_864 } }] }),
      ]),
      staged("agent-tmpfs-g3", "Read-only", ({ agent }) => [agent({ tmpfs: { "/empty": "ro" } })]),
    ],
    bad: [
      staged("agent-tmpfs-b1", "No options", ({ agent }) => [agent({ tmpfs: { "/tmp": "" } })]),
      staged("agent-tmpfs-b2", "No size", ({ agent }) => [agent({ tmpfs: { "/tmp": "noexec,nosuid,nodev" } })]),
      staged("agent-tmpfs-b3", "The last option counts", ({ agent }) => [
        agent({ tmpfs: { "/tmp": "noexec,nosuid,nodev,size=64m,exec" } }),
      ]),
      staged("agent-tmpfs-b4", "A mount without a size", ({ agent }) => [
        agent({ mounts: [{ type: "tmpfs", target: "/tmp" }] }),
      ]),
    ],
  },
};

function byOption({ properties }: Resource): Finding[] {
  return properties
    .object("tmpfs")
    .entries()
    .flatMap(({ path, value }) => {
      const missing = missingOptions(value);
      return missing.length === 0 ? [] : [finding(path, missing)];
    });
}

function byMount({ properties }: Resource): Finding[] {
  return properties
    .objects("mounts")
    .filter((mount) => mount.text("type")?.trim().toLowerCase() === "tmpfs" && mount.flag("readOnly") !== true)
    .filter((mount) => (mount.object("tmpfsOptions").number("sizeBytes") ?? 0) <= 0)
    .map((mount) => finding(mount.object("tmpfsOptions").path("sizeBytes"), ["size"]));
}

function finding(property: string, missing: readonly string[]): Finding {
  return { property, found: `a tmpfs without ${missing.join(", ")}`, expected: "rw,noexec,nosuid,nodev,size=<size>" };
}
