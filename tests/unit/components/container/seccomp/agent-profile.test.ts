import { expect, test } from "vitest";
import { agentSeccomp } from "#components/container/seccomp/agent-profile.ts";
import { ALLOWED } from "#components/container/seccomp/system-calls.ts";

interface Profile {
  readonly defaultAction: string;
  readonly syscalls: readonly { names: string[]; action: string; errnoRet?: number; args?: object[] }[];
}

const calls = Object.values(ALLOWED).flatMap((names) => names.trim().split(/\s+/));

test("names each call once", () => {
  expect(calls.filter((name, index) => calls.indexOf(name) !== index)).toEqual([]);
});

test.each(["socket", "clone", "clone3", "ptrace", "bpf", "unshare", "setns", "mount", "io_uring_setup", "io_setup"])(
  "lets %s through unconditionally nowhere",
  (name) => {
    expect(calls).not.toContain(name);
  },
);

test("is one and the same text, and differs between its two readers by clone3 only", () => {
  const read = (reader: "runc" | "runsc") => JSON.parse(agentSeccomp(reader)) as Profile;
  expect(agentSeccomp("runc")).toBe(agentSeccomp("runc"));
  expect(read("runc").defaultAction).toBe("SCMP_ACT_ERRNO");
  expect(read("runc").syscalls.slice(0, -1)).toEqual(read("runsc").syscalls.slice(0, -1));
  expect(read("runc").syscalls.at(-1)).toEqual({ names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: 38 });
  expect(read("runsc").syscalls.at(-1)).toEqual({ names: ["clone3"], action: "SCMP_ACT_ALLOW" });
});
