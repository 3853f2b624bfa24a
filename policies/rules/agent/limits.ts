import { onEachAgent } from "#lib/agent-rule.ts";
import { staged } from "#lib/agent-examples.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

/** Drivers that keep the log on this host, in a file that grows. */
const ON_THE_HOST = new Set(["", "json-file"]);

export const rule: Rule = {
  id: "agent.limits",
  title: "An agent has limits on memory, swap, CPU and log size.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.11", "CIS Docker 1.6.0, 5.12", "OWASP ASI08"],
  why: "Model-chosen code loops, and without limits one loop takes memory, processors or disk from everything else.",
  fix: "Set `memory` and `memorySwap` to the same number, `cpus`, and `max-size` and `max-file` in `logOpts`.",
  waivable: "by-configuration",
  types: [type.container],
  ...onEachAgent((resource) => [...memory(resource), ...cpu(resource), ...logs(resource)]),
  examples: {
    good: [
      staged("agent-limits-g1", "All of them", ({ agent }) => [agent()]),
      staged("agent-limits-g2", "The driver `local`, which has a cap of its own", ({ agent }) => [
        agent({ logDriver: "local", logOpts: undefined }),
      ]),
    ],
    bad: [
      staged("agent-limits-b1", "Swap on top", ({ agent }) => [agent({ memorySwap: 512 })]),
      staged("agent-limits-b2", "No memory limit", ({ agent }) => [agent({ memory: undefined })]),
      staged("agent-limits-b3", "No CPU limit", ({ agent }) => [agent({ cpus: undefined })]),
      staged("agent-limits-b4", "A log without a cap", ({ agent }) => [agent({ logOpts: undefined })]),
      staged("agent-limits-b5", "A cap that is none", ({ agent }) => [agent({ logOpts: { "max-size": "-1" } })]),
    ],
  },
};

function memory({ properties }: Resource): Finding[] {
  const limit = properties.number("memory") ?? 0;
  if (limit <= 0) return [finding("memory", properties.get("memory"), "a limit in MiB")];
  if (properties.number("memorySwap") === limit) return [];
  return [finding("memorySwap", properties.get("memorySwap"), `${String(limit)}, the same as memory`)];
}

function cpu({ properties }: Resource): Finding[] {
  const fields = ["cpus", "cpuQuota", "cpuSet"] as const;
  if (fields.some((field) => properties.isUnknown(field))) return [];
  const limited = fields.some((field) => {
    const text = properties.text(field)?.trim() ?? "";
    return field === "cpuSet" ? text !== "" : Number(text) > 0;
  });
  return limited ? [] : [finding("cpus", properties.get("cpus"), "a limit in `cpus`, or processors in `cpuSet`")];
}

function logs({ properties }: Resource): Finding[] {
  if (properties.isUnknown("logDriver") || !ON_THE_HOST.has((properties.text("logDriver") ?? "").toLowerCase()))
    return [];
  const size = properties.object("logOpts").text("max-size")?.trim() ?? "";
  if (/^0*[1-9]\d*(\.\d+)?\s*[kmg]?i?b?$/i.test(size)) return [];
  return [finding("logOpts.max-size", size === "" ? undefined : size, "a size, for instance 10m")];
}

function finding(property: string, found: unknown, expected: string): Finding {
  return { property, found: show(found), expected };
}
