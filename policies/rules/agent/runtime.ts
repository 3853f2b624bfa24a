import { onEachAgent } from "#lib/agent-rule.ts";
import { staged } from "#lib/agent-examples.ts";
import { show } from "#lib/properties.ts";
import { hasOwnKernel } from "#lib/sandboxed-runtime.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "agent.runtime",
  title: "Agents run in a sandboxed runtime, gVisor or Kata.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI05"],
  why: "Under the usual runtime model-chosen code talks to the host's own kernel, and one hole in it is the host.",
  fix: "Set `runtime` to `runsc` or a Kata runtime; where the host has none, waive the rule with owner and expiry.",
  waivable: "by-label",
  types: [type.container],
  ...onEachAgent(({ properties }) => {
    if (hasOwnKernel(properties)) return [];
    return [{ property: "runtime", found: show(properties.text("runtime")), expected: "`runsc`, or a Kata runtime" }];
  }),
  examples: {
    good: [
      staged("agent-runtime-g1", "gVisor", ({ agent }) => [agent({ runtime: "runsc" })]),
      staged("agent-runtime-g2", "Kata", ({ agent }) => [agent({ runtime: "io.containerd.kata.v2" })]),
    ],
    bad: [
      staged("agent-runtime-b1", "The daemon's default", ({ agent }) => [agent({ runtime: undefined })]),
      staged("agent-runtime-b2", "The usual runtime by name", ({ agent }) => [agent({ runtime: "runc" })]),
    ],
  },
};
