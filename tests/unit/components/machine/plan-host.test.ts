import { expect, test } from "vitest";
import { hostProblems } from "#components/host/bundle/host-problems.ts";
import { hostSettingProblems, planHost } from "#components/machine/plan-host.ts";
import type { HostInput } from "#components/machine/plan-host.ts";
import { officeHost, sshKey } from "./example.ts";

function input(changes: Partial<HostInput["settings"]> = {}): HostInput {
  return {
    settings: {
      docker: { host: "ssh://garrison@office.example:2222", cgroupDriver: "systemd" },
      estate: "office",
      lab: false,
      lan: ["192.168.1.0/24"],
      network: "10.77.0.0/16",
      resources: { memoryMiB: 65_536, cpus: 16, reserveMiB: 8192 },
      host: officeHost,
      ...changes,
    },
  };
}

test("the settings' people get in, by the port that deployments use", () => {
  const spec = planHost(input());
  expect(hostProblems(spec)).toEqual([]);
  expect(spec.access).toMatchObject({ port: 2222, deployer: "garrison", operators: ["alice"] });
  expect(spec.users.map(({ name, groups }) => [name, groups])).toEqual([
    ["garrison", ["docker", "sudo"]],
    ["alice", ["sudo"]],
  ]);
});

test("an operator who deploys is one user", () => {
  const settings = input().settings;
  const operators = { garrison: { uid: 2000, keys: [sshKey("C")] } };
  const spec = planHost(input({ host: { ...settings.host, operators } }));
  expect(spec.users.map(({ name, keys }) => [name, keys])).toEqual([["garrison", [sshKey("B"), sshKey("C")]]]);
});

test("container networks that overlap the network around the machine are refused", () => {
  const found = hostProblems(planHost(input({ lan: ["10.77.3.0/24"] })));
  expect(found.map(({ property }) => property)).toEqual(["networks.lan-1"]);
});

test("a lab's machine has neither kernel audit nor clock of its own, every other one has both", () => {
  expect(planHost(input({ lab: true }))).toMatchObject({ audit: false, clock: false });
  expect(planHost(input())).toMatchObject({ audit: true, clock: true });
});

test("ports of the machine's own programs are open beside sshd's, and its packages are there", () => {
  const open = [{ port: 443, protocol: "tcp", from: ["0.0.0.0/0"], why: "the sites" }] as const;
  const spec = planHost({ ...input(), host: { open, packages: ["curl"] } });
  expect(spec.firewall).toEqual({ open, estates: ["office"] });
  expect(spec.packages).toEqual(["curl"]);
  expect(spec).not.toHaveProperty("open");
});

test("what is wrong is told by the setting it comes from", () => {
  const { settings } = input();
  const operators = { alice: { uid: 2000, keys: [sshKey("A")] } };
  const wrong = { ...settings.host, operators, operatorsFrom: ["192.168.1.7/24"], timeServers: ["a b"] };
  const docker = { ...settings.docker, host: "ssh://bob@office.example:2222" };
  const spec = planHost(input({ docker, host: wrong, lan: ["10.77.3.0/24"] }));
  expect(hostSettingProblems(spec, docker).map(({ property }) => property)).toEqual([
    "garrison:host.timeServers",
    "garrison:host.operators.alice.uid",
    "garrison:host.operatorsFrom",
    "garrison:lan",
    "garrison:docker.host",
  ]);
});
