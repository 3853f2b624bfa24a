import { expect, test } from "vitest";
import { agentSeccomp } from "#components/container/seccomp/agent-profile.ts";
import { agentWeaknessOf, weaknessOf } from "#containment/seccomp.ts";

const allow = (rule: object) =>
  JSON.stringify({ defaultAction: "SCMP_ACT_ERRNO", syscalls: [{ action: "SCMP_ACT_ALLOW", ...rule }] });
const first = (op: string, value: number, valueTwo = 0) => ({ args: [{ index: 0, value, valueTwo, op }] });

test.each([
  ["another case, and the last wins", '{"defaultAction":"SCMP_ACT_ERRNO","DefaultAction":"SCMP_ACT_ALLOW"}'],
  ["a letter that folds to s", '{"defaultAction":"SCMP_ACT_ERRNO","\u017Fyscalls":[]}'],
  ["the same letter, escaped", '{"defaultAction":"SCMP_ACT_ERRNO","\\u017fyscalls":[]}'],
  ["the same key twice", '{"defaultAction":"SCMP_ACT_ALLOW","defaultAction":"SCMP_ACT_ERRNO"}'],
  ["twice, far from its colon", `{"defaultAction":"SCMP_ACT_ERRNO","defaultAction"${" ".repeat(99)}:"SCMP_ACT_ERRNO"}`],
  ["a key that nobody reads", '{"defaultAction":"SCMP_ACT_ERRNO","sysCallz":[]}'],
  ["an action in another case", '{"defaultAction":"scmp_act_errno"}'],
  ["no default", '{"syscalls":[]}'],
  ["an unknown action", allow({ names: ["read"], action: "SCMP_ACT_FREE" })],
  ["a key of a rule in another case", allow({ Names: ["mount"] })],
  [
    "a key of an argument in another case",
    allow({ names: ["clone"], args: [{ Index: 0, value: 0, op: "SCMP_CMP_EQ" }] }),
  ],
  ["an unknown comparison", allow({ names: ["clone"], ...first("SCMP_CMP_IN", 0) })],
  ["text behind it", '{"defaultAction":"SCMP_ACT_ERRNO"} {}'],
  ["a default that logs", '{"defaultAction":"SCMP_ACT_LOG"}'],
  ["a default that asks somebody", '{"defaultAction":"SCMP_ACT_NOTIFY"}'],
  ["a rule that only logs", allow({ names: ["bpf"], action: "SCMP_ACT_LOG" })],
  ["the old way of naming a call", allow({ name: "keyctl" })],
  ["a call that opens the kernel", allow({ names: ["read", "io_uring_setup"] })],
  ["another process's memory", allow({ names: ["process_vm_writev"] })],
  ["every clone", allow({ names: ["clone"] })],
  ["clone with one namespace left", allow({ names: ["clone"], ...first("SCMP_CMP_MASKED_EQ", 0x6e02_0000) })],
  ["clone with all of them", allow({ names: ["clone"], ...first("SCMP_CMP_MASKED_EQ", 0x7e02_0000, 0x7e02_0000) })],
  [
    "a number that JavaScript rounds and Go does not",
    allow({ names: ["clone"], ...first("SCMP_CMP_MASKED_EQ", 0) }).replace('"value":0', '"value":9223372038968836095'),
  ],
  ["mitigations taken away", '{"defaultAction":"SCMP_ACT_ERRNO","flags":["SECCOMP_FILTER_FLAG_SPEC_ALLOW"]}'],
  ["an architecture of another spelling", '{"defaultAction":"SCMP_ACT_ERRNO","archMap":[{"Architecture":"x"}]}'],
])("is weak: %s", (_, profile) => {
  expect(weaknessOf(profile)).toBeDefined();
});

test.each([
  ["Docker's clone", allow({ names: ["clone"], ...first("SCMP_CMP_MASKED_EQ", 0x7e02_0000) })],
  ["Docker's personality", allow({ names: ["personality"], ...first("SCMP_CMP_EQ", 8) })],
  ["what only a capability opens", allow({ names: ["mount"], includes: { caps: ["CAP_SYS_ADMIN"] } })],
  ["the same word in two objects", allow({ names: ["read"], comment: "names", errnoRet: 1 })],
  ["a path, which nobody can see", "/etc/profile.json"],
])("is not known to be weak: %s", (_, profile) => {
  expect(weaknessOf(profile)).toBeUndefined();
});

test("an agent's profile lets nothing through for a capability either", () => {
  const rule = { names: ["mount"], includes: { caps: ["CAP_CHOWN"] } };
  expect(agentWeaknessOf(allow(rule), true)).toBe("a profile that allows mount");
});

test.each(["ptrace", "socket", "personality", "io_setup", "clone", "vmsplice", "ipc", "mq_timedsend_time64"])(
  "an agent may not %s",
  (name) => {
    expect(agentWeaknessOf(allow({ names: [name] }), true)).toBe(`a profile that allows ${name}`);
  },
);

test("an agent's sockets are named one by one", () => {
  for (const family of [1, 2, 10])
    expect(agentWeaknessOf(allow({ names: ["socket"], ...first("SCMP_CMP_EQ", family) }), false)).toBeUndefined();
  for (const [op, value] of [
    ["EQ", 40],
    ["NE", 40],
    ["LE", 10],
    ["GE", 0],
  ] as const)
    expect(agentWeaknessOf(allow({ names: ["socket"], ...first(`SCMP_CMP_${op}`, value) }), false)).toBeDefined();
  const either = { args: [first("SCMP_CMP_EQ", 2).args[0], first("SCMP_CMP_NE", 2).args[0]] };
  expect(agentWeaknessOf(allow({ names: ["socket"], ...either }), false)).toBeDefined();
});

test("our profiles pass, each where it is for; without a kernel of its own nothing may make namespaces by clone3", () => {
  expect(agentWeaknessOf(agentSeccomp("runc"), false)).toBeUndefined();
  expect(agentWeaknessOf(agentSeccomp("runsc"), true)).toBeUndefined();
  expect(agentWeaknessOf(agentSeccomp("runsc"), false)).toBe("a profile that allows clone3");
});
