import { describe, expect, it } from "vitest";
import type { VirtualMachineStatus } from "#lab/azure/status.ts";
import type { MachineStatus } from "#lab/machines/status.ts";
import { judgeMachine, judgeSilence, judgeVirtualMachine } from "#scripts/doctor/lab.ts";

const office: MachineStatus = {
  role: "office",
  address: "10.127.0.4",
  state: "running",
  system: "running",
  failedUnits: [],
  docker: "20.10.24",
  containers: 0,
  hostKey: "ssh-ed25519 AAAA",
  outdated: false,
};

describe("a machine", () => {
  it("that was not made is not mentioned", () => {
    expect(judgeMachine({ ...office, state: "absent" })).toEqual([]);
  });

  it("that is well is, once", () => {
    expect(judgeMachine(office).map(({ verdict }) => verdict)).toEqual(["ok"]);
  });

  it.each<[Partial<MachineStatus>, string]>([
    [{ state: "begun" }, "npm run lab -- up office"],
    [{ state: "stopped", system: undefined }, "npm run lab -- up office"],
    [{ docker: undefined }, "npm run lab -- up office"],
    [{ system: "degraded", failedUnits: ["ssh.service"] }, "npm run lab -- ssh office systemctl status --failed"],
  ])("that is unwell (%o) is wrong, with what to type", (change, next) => {
    const [finding, ...others] = judgeMachine({ ...office, ...change });
    expect(finding).toMatchObject({ verdict: "wrong", next: expect.stringContaining(next) as string });
    expect(others).toEqual([]);
  });

  it("of an older image is no fault, and is told how to renew", () => {
    const [well, old] = judgeMachine({ ...office, outdated: true });
    expect(well?.verdict).toBe("ok");
    expect(old).toMatchObject({ verdict: "note", next: expect.stringContaining("down office") as string });
  });
});

describe("a machine of the simulated Azure", () => {
  const machine: VirtualMachineStatus = {
    name: "web",
    id: "/subscriptions/s/virtualmachines/web",
    instance: "a23456-web",
    address: "10.1.0.4",
    publicAddress: undefined,
    state: "running",
    system: "running",
    outdated: false,
  };

  it("is well, or wrong with what to type", () => {
    expect(judgeVirtualMachine(machine)).toMatchObject([{ verdict: "ok" }]);
    const degraded = judgeVirtualMachine({ ...machine, system: "degraded" });
    expect(degraded).toMatchObject([{ verdict: "wrong", next: "npm run lab -- ssh web systemctl status --failed" }]);
    const [stopped] = judgeVirtualMachine({ ...machine, state: "stopped", system: undefined });
    expect(stopped).toMatchObject({ verdict: "wrong", found: "stopped, systemd silent" });
  });
});

describe("a lab whose Incus does not answer", () => {
  it("is wrong; what is left of it is counted", () => {
    expect(judgeSilence("a23456", [])).toMatchObject({ found: expect.stringContaining("nothing of it") as string });
    expect(judgeSilence("a23456", ["process 7", "mount /x", "bridge b"])).toMatchObject({
      verdict: "wrong",
      found: "a23456: its Incus does not answer; on this host is process 7 and 2 more",
      next: expect.stringContaining("npm run lab -- down") as string,
    });
  });
});
