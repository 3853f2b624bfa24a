import { expect, test } from "vitest";
import { checkRuntime } from "#scripts/doctor/runtime.ts";
import type { RuntimeReport } from "#scripts/status/runtime-report.ts";

const below = { program: "runc", version: "1.1.5", verdict: "below", cves: "CVE-1 CVE-2", why: "a door" } as const;
const report: RuntimeReport = {
  programs: [
    { program: "kernel", version: "6.18.44", verdict: "good", cves: "", why: "", next: "" },
    { program: "incus", version: "", verdict: "absent", cves: "", why: "", next: "" },
    { ...below, next: "apt-get install --only-upgrade runc" },
    { ...below, program: "docker", next: "Docker's own packages" },
  ],
  updates: [
    {
      update: "docker.io",
      installed: "1",
      offered: "2",
      since: "2026-11-01",
      next: "apt-get install --only-upgrade docker.io",
    },
  ],
};

test("what this machine can install is wrong, what its distribution never mended is told", () => {
  expect(checkRuntime(report).map(({ name, verdict, next }) => [name, verdict, next])).toEqual([
    ["runtime", "ok", undefined],
    ["runc", "wrong", "apt-get install --only-upgrade runc"],
    ["docker", "note", undefined],
    ["update of docker.io", "wrong", "apt-get install --only-upgrade docker.io"],
  ]);
  expect(checkRuntime(report)[2]?.found).toContain("Docker's own packages");
});

test("a machine that is not Debian's kind is not called safe", () => {
  expect(checkRuntime(undefined)[0]).toMatchObject({ verdict: "note" });
});
