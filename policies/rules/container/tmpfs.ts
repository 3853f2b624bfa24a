import { containerOf } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
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
  types: [type.container],
  check: (resource): Finding[] =>
    containerOf(resource)
      .object("tmpfs")
      .entries()
      .flatMap(({ path, value }) => {
        const missing = missingOptions(value);
        if (missing.length === 0) return [];
        return [{ property: path, found: `${show(value)}, without ${missing.join(", ")}`, expected: `"${SAFE}"` }];
      }),
  examples: {
    good: [
      withContainer("Every flag and a size", { tmpfs: { "/tmp": SAFE } }),
      withContainer("In another order", { tmpfs: { "/tmp": "size=64m,nodev,nosuid,noexec" } }),
      withContainer("Read-only", { tmpfs: { "/empty": "ro" } }),
    ],
    bad: [
      withContainer("Nothing said", { tmpfs: { "/tmp": "" } }),
      withContainer("No size", { tmpfs: { "/tmp": "rw,noexec,nosuid,nodev" } }),
      withContainer("Programs run", { tmpfs: { "/tmp": "rw,nosuid,nodev,size=64m" } }),
      withContainer("The last option counts", { tmpfs: { "/tmp": `${SAFE},exec` } }),
    ],
  },
};
