import { expect, test } from "vitest";
import { waive } from "#components/container/waiver.ts";
import { evidence } from "#components/sandbox/sandbox.evidence.ts";
import { sandbox } from "#components/sandbox/sandbox-profile.ts";
import type { SandboxProfile } from "#components/sandbox/sandbox-profile.ts";
import { wired } from "#tests/support/wired.ts";

const profile: SandboxProfile = {
  name: "sandbox",
  purpose: "Sandbox of a test",
  image: "sandbox-image",
  workdir: "/work",
  workspace: 128,
  temporary: { "/tmp": 32 },
  memory: 512,
  cpus: 0.5,
  pids: 48,
  files: [100, 200],
};

test("a profile becomes an idle agent container that keeps nothing and waives nothing", () => {
  expect(wired([sandbox(profile)]).services).toEqual([
    {
      name: "sandbox",
      purpose: "Sandbox of a test",
      number: 1,
      image: "sandbox-image",
      memory: 512,
      memoryFloor: 64,
      cpus: 0.5,
      pids: 48,
      command: ["sleep", "infinity"],
      environment: { HOME: "/work", LANG: "C.UTF-8" },
      writable: { "/tmp": { type: "tmpfs", size: 32 }, "/work": { type: "tmpfs", size: 128 } },
      health: { test: ["CMD", "test", "-w", "/work"] },
      listens: [],
      ulimits: { nofile: [100, 200] },
      agent: true,
      declares: { role: "agent" },
      evidence,
      idle: expect.any(String) as unknown,
    },
  ]);
});

test("a profile says what its agent is trusted with, and from what it departs", () => {
  const waivers = [waive("agent.runtime", { reason: "for this test only", owner: "tests", expires: "2027-06-30" })];
  const [own] = wired([sandbox({ ...profile, trust: ["untrusted-input"], waivers })]).services;
  expect(own?.declares).toEqual({ role: "agent", trust: ["untrusted-input"] });
  expect(own?.waivers).toEqual(waivers);
});
