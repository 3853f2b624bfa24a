import { staged } from "#lib/agent-examples.ts";
import { onEachAgent } from "#lib/agent-rule.ts";
import type { Rule } from "#lib/rule.ts";
import { hasOwnKernel } from "#lib/sandboxed-runtime.ts";
import { lastOption } from "#lib/security-options.ts";
import { type } from "#lib/types.ts";
import { agentWeaknessOf } from "../../../containment/seccomp.ts";

const allows = (names: string, rest = "") =>
  `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":[${names}],"action":"SCMP_ACT_ALLOW"${rest}}]}`;
const where = (index: number, op: string, value: number) =>
  `,"args":[{"index":${String(index)},"value":${String(value)},"valueTwo":0,"op":"${op}"}]`;
const options = (profile: string) => ({ securityOpts: ["no-new-privileges:true", `seccomp=${profile}`] });

export const rule: Rule = {
  id: "agent.seccomp",
  title: "An agent's system calls are filtered by a profile of its own, stricter than Docker's.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI05", "CIS Docker 1.6.0, 5.22"],
  why: "Docker's own profile opens sockets that no network namespace holds (AF_VSOCK, AF_ALG), tracing and io_uring, depending on its release.",
  fix: "Give the profile by its content, `seccomp={…}`: refuse by default, list what programs need; `socket` by family (AF_UNIX, AF_INET, AF_INET6), `clone` without namespaces.",
  waivable: "by-label",
  types: [type.container],
  ...onEachAgent(({ properties }) => {
    const given = lastOption(properties, "seccomp");
    const weakness = agentWeaknessOf(given?.value, hasOwnKernel(properties));
    if (weakness === undefined) return [];
    return [
      { property: given?.path ?? "securityOpts", found: weakness, expected: "a stricter profile, by its content" },
    ];
  }),
  examples: {
    good: [
      staged("agent-seccomp-g1", "A few calls", ({ agent }) => [agent(options(allows('"read","write"')))]),
      staged("agent-seccomp-g2", "Sockets of one family", ({ agent }) => [
        agent(options(allows('"socket"', where(0, "SCMP_CMP_EQ", 2)))),
      ]),
      staged("agent-seccomp-g3", "Processes, and no namespaces", ({ agent }) => [
        agent(options(allows('"clone"', where(0, "SCMP_CMP_MASKED_EQ", 0x7e02_0000)))),
      ]),
    ],
    bad: [
      staged("agent-seccomp-b1", "Docker's own", ({ agent }) => [agent({ securityOpts: ["no-new-privileges:true"] })]),
      staged("agent-seccomp-b2", "A file of whoever deploys", ({ agent }) => [agent(options("/etc/agent.json"))]),
      staged("agent-seccomp-b3", "Sockets of every family", ({ agent }) => [agent(options(allows('"socket"')))]),
      staged("agent-seccomp-b4", "A family that reaches the hypervisor", ({ agent }) => [
        agent(options(allows('"socket"', where(0, "SCMP_CMP_NE", 38)))),
      ]),
      staged("agent-seccomp-b5", "Tracing", ({ agent }) => [agent(options(allows('"read","ptrace"')))]),
      staged("agent-seccomp-b6", "Namespaces, by a call that hides its flags", ({ agent }) => [
        agent({ ...options(allows('"clone3"')), runtime: undefined }, "agent", { "garrison.waivers": "agent.runtime" }),
      ]),
    ],
  },
};
