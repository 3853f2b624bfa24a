import { containerOf } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { missingOptions } from "#lib/tmpfs.ts";
import { type } from "#lib/types.ts";

const SAFE = "rw,noexec,nosuid,nodev,size=64m";

export const rule: Rule = {
  id: "container.tmpfs",
  title: "A tmpfs has a size and runs no programs.",
  severity: "low",
  level: "mandatory",
  references: ["NSA/CISA Kubernetes hardening", "OWASP ASI05", "OWASP ASI08"],
  why: "Without a size it takes half of the host's memory, and a place that runs programs is where a downloaded one is started.",
  fix: `Write the options down, for instance "${SAFE}".`,
  waivable: "by-label",
  types: [type.container, type.volume],
  check: (resource): Finding[] =>
    resource.type === type.volume ? ofVolume(resource.properties.object("driverOpts")) : ofContainer(resource),
  examples: {
    good: [
      withContainer("Every flag and a size", { tmpfs: { "/tmp": SAFE } }),
      withContainer("In another order", { tmpfs: { "/tmp": "size=64m,nodev,nosuid,noexec" } }),
      withContainer("Read-only", { tmpfs: { "/empty": "ro" } }),
      volume("A volume's own tmpfs", "size=64m,nosuid"),
    ],
    bad: [
      withContainer("Nothing said", { tmpfs: { "/tmp": "" } }),
      withContainer("No size", { tmpfs: { "/tmp": "rw,noexec,nosuid,nodev" } }),
      withContainer("Programs run", { tmpfs: { "/tmp": "rw,nosuid,nodev,size=64m" } }),
      withContainer("The last option counts", { tmpfs: { "/tmp": `${SAFE},exec` } }),
      volume("Setuid programs in a volume", "size=64m,suid"),
    ],
  },
};

function ofContainer(resource: Resource): Finding[] {
  return containerOf(resource)
    .object("tmpfs")
    .entries()
    .flatMap(({ path, value }) => {
      const missing = missingOptions(value);
      if (missing.length === 0) return [];
      return [{ property: path, found: `${show(value)}, without ${missing.join(", ")}`, expected: `"${SAFE}"` }];
    });
}

/** Of a volume's tmpfs only what is asked for: the kernel's defaults are many programs' own. */
function ofVolume(options: Properties): Finding[] {
  const given = (options.text("o") ?? "").split(",").map((option) => option.trim().toLowerCase());
  if (options.text("type") !== "tmpfs" || !given.includes("suid")) return [];
  if (given.lastIndexOf("nosuid") > given.lastIndexOf("suid")) return [];
  return [{ property: options.path("o"), found: show(options.text("o")), expected: "nosuid" }];
}

function volume(title: string, o: string): Example {
  const driverOpts = { type: "tmpfs", device: "tmpfs", o };
  return { title, resources: [{ type: type.volume, name: "scratch", properties: { name: "scratch", driverOpts } }] };
}
