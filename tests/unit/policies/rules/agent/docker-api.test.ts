import { expect, test } from "vitest";

import { on, scene } from "#policies/lib/agent-examples.ts";
import { labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/agent/docker-api.ts";
import { findings, run } from "#tests/unit/policies/support.ts";

const { agent, network, program } = scene("t");
const bind = (source: string) => ({ mounts: [{ type: "bind", source, target: "/mnt" }] });
const within = [network("in"), agent(on(["t-in"]))];

test.each([
  ["the socket", bind("/var/run/docker.sock")],
  ["a directory above it", bind("/var/run")],
  ["the socket by host path", { volumes: [{ hostPath: "/run/docker.sock", containerPath: "/s" }] }],
  ["containerd's socket", bind("/run/containerd/containerd.sock")],
  ["a daemon's address", { envs: ["DOCKER_HOST=tcp://192.0.2.1:2375"] }],
  ["an address in its command", { command: ["watch", "-H", "tcp://192.0.2.1:2376"] }],
  ["the socket in its command", { command: ["proxy", "unix:///var/run/docker.sock"] }],
  ["a daemon's port", { ports: [{ internal: 2375, external: 2375, ip: "127.0.0.1" }] }],
])("an agent beside a container with %s holds it too", (_, changes) => {
  expect(findings(rule, [...within, program("other", ["in"], changes)])).toEqual([
    expect.stringMatching(/^networksAdvanced\.0\.name: a way to "t-other", which has /),
  ]);
  expect(findings(rule, [agent(changes)])).toHaveLength(1);
});

test("a volume whose options lead to the socket, and another's volumes, count as well", () => {
  const volume = {
    type: "docker:index/volume:Volume",
    name: "hidden",
    properties: { name: "hidden", driverOpts: { type: "none", o: "bind", device: "/run/docker.sock" } },
  };
  const holder = program("other", [], { volumes: [{ volumeName: "hidden", containerPath: "/s" }] });
  expect(findings(rule, [volume, holder, agent({ volumes: [{ fromContainer: "t-other" }] })])).toEqual([
    'volumes.0.fromContainer: "/run/docker.sock", a control socket',
  ]);
});

test("what listens on the host is reached from every network, and from none without one", () => {
  const holder = program("other", [], { networkMode: "host", ...bind("/run/docker.sock") });
  expect(findings(rule, [...within, holder])).toHaveLength(1);
  expect(findings(rule, [agent(), holder])).toEqual([]);
});

test("neighbours without a socket, and sockets elsewhere, are in order", () => {
  expect(findings(rule, [...within, program("other", ["in"])])).toEqual([]);
  expect(findings(rule, [...within, network("far"), program("other", ["far"], bind("/run/docker.sock"))])).toEqual([]);
});

test("nothing waives it", () => {
  const waived = agent({
    ...bind("/run/docker.sock"),
    labels: labels({ "garrison.role": "agent", "garrison.waivers": rule.id }),
  });
  expect(run(rule, [waived], { config: { waivableByLabel: true } }).verdicts).toHaveLength(1);
});
