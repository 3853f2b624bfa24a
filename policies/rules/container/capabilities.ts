import { onContainers } from "#lib/containers.ts";
import { container, labels, withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { capabilityName } from "../../../containment/capability-names.ts";

/** Each of these alone is a way to the host's files, memory or kernel. */
const GRAVE = new Set(
  "BPF DAC_READ_SEARCH MAC_ADMIN MAC_OVERRIDE PERFMON SYS_ADMIN SYS_BOOT SYS_MODULE SYS_PTRACE SYS_RAWIO".split(" "),
);

export const rule: Rule = {
  id: "container.capabilities",
  title: "Every container drops all capabilities and adds none without a waiver.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.4", "OWASP ASI05"],
  why: "Docker's default set lets a container forge packets, change owners and make device nodes, which escapes are built from.",
  fix: 'Set `capabilities.drops` to ["ALL"]; add back by name only what the program fails without, under a waiver.',
  waivable: "by-label",
  ...onContainers((container) => [...drops(container), ...adds(container)]),
  examples: {
    good: [
      withContainer("All dropped", {}),
      withContainer("Case and prefix do not matter", { capabilities: { drops: ["cap_all"] } }),
      {
        title: "One added back under a waiver",
        resources: [
          container({
            capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN"] },
            labels: labels({ "garrison.waivers": "container.capabilities" }),
          }),
        ],
      },
    ],
    bad: [
      withContainer("Docker's default set", { capabilities: undefined }),
      withContainer("A few dropped", { capabilities: { drops: ["NET_RAW", "MKNOD"] } }),
      withContainer("One added back", { capabilities: { drops: ["ALL"], adds: ["CAP_SYS_ADMIN"] } }),
      {
        title: "What gives the host away, by a label that nothing records",
        resources: [
          container({
            capabilities: { drops: ["ALL"], adds: ["SYS_ADMIN"] },
            labels: labels({ "garrison.waivers": "container.capabilities" }),
          }),
        ],
      },
      {
        title: "All added back: a label waives single ones only",
        resources: [
          container({
            capabilities: { drops: ["ALL"], adds: ["all"] },
            labels: labels({ "garrison.waivers": "container.capabilities" }),
          }),
        ],
      },
    ],
  },
};

function drops(container: Properties): Finding[] {
  const capabilities = container.object("capabilities");
  const dropped = capabilities.texts("drops");
  if (dropped.some(({ value }) => isAll(value))) return [];
  const found = dropped.length === 0 ? show(undefined) : show(dropped.map(({ value }) => value));
  return [{ property: capabilities.path("drops"), found, expected: '["ALL"]' }];
}

function adds(container: Properties): Finding[] {
  return container
    .object("capabilities")
    .texts("adds")
    .map(({ path, value }) => ({
      property: path,
      found: show(value),
      expected: "no added capability",
      // Everything at once is `privileged` by another name, and what is no capability only the daemon would refuse.
      ...(capabilityName(value) === undefined && { waivable: "by-configuration" as const }),
      ...(GRAVE.has(plain(value)) && { waivable: "by-record" as const }),
    }));
}

function plain(capability: string): string {
  return capability.trim().toUpperCase().replace(/^CAP_/, "");
}

function isAll(capability: string): boolean {
  return plain(capability) === "ALL";
}
