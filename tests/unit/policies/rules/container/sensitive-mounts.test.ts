import { describe, expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/sensitive-mounts.ts";
import { findings, onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const bind = (source: unknown, more = {}) => ({ mounts: [{ type: "bind", source, target: "/mnt", ...more }] });

describe("paths of the host", () => {
  test("by mount, by host path and by a path in the place of a volume's name", () => {
    expect(onContainer(rule, bind("/etc"))).toEqual(['mounts.0.source: "/etc": the host\'s configuration']);
    expect(onContainer(rule, { volumes: [{ hostPath: "/etc", containerPath: "/x" }] })).toEqual([
      'volumes.0.hostPath: "/etc": the host\'s configuration',
    ]);
    expect(onContainer(rule, { volumes: [{ volumeName: "/etc", containerPath: "/x" }] })).toEqual([
      'volumes.0.volumeName: "/etc": the host\'s configuration',
    ]);
  });

  test("relative host paths are refused; names of volumes and tmpfs are not paths", () => {
    expect(onContainer(rule, bind("data"))).toHaveLength(1);
    expect(onContainer(rule, { volumes: [{ hostPath: "../run", containerPath: "/x" }] })).toHaveLength(1);
    expect(onContainer(rule, { mounts: [{ type: "volume", source: "etc", target: "/x" }] })).toEqual([]);
    expect(onContainer(rule, { volumes: [{ volumeName: "etc", containerPath: "/x" }] })).toEqual([]);
    expect(onContainer(rule, { mounts: [{ type: "tmpfs", target: "/etc" }] })).toEqual([]);
  });

  test("a path under another type of mount is a path", () => {
    expect(onContainer(rule, { mounts: [{ type: "volume", source: "/etc", target: "/x" }] })).toHaveLength(1);
  });

  test("all of them at once", () => {
    const volumes = [{ hostPath: "/", containerPath: "/host" }, { fromContainer: "other" }];
    expect(onContainer(rule, { ...bind("/run/docker.sock"), volumes })).toHaveLength(3);
  });

  test("an unknown source is named, and the next mount is judged", () => {
    const mounts = [
      { type: "bind", source: UNKNOWN, target: "/a" },
      { type: "bind", source: "/boot", target: "/b" },
    ];
    const { verdicts, unknown } = run(rule, [container({ mounts })]);
    expect(verdicts.map(({ finding }) => finding.property)).toEqual(["mounts.1.source"]);
    expect(unknown).toEqual(["mounts.0.source"]);
  });
});

describe("waivers", () => {
  const foreign = { "garrison.waivers": "container.sensitive-mounts" };
  const waiver = { ...foreign, "garrison.estate": "demo" };
  const agent = { ...waiver, "garrison.role": "agent" };

  test("by a bare label cover nothing outside of an estate, unless configured", () => {
    for (const source of ["/run/docker.sock", "/", "/etc/app"])
      expect(onContainer(rule, { ...bind(source), labels: labels(foreign) })).toHaveLength(1);
    const config = { waivableByLabel: true };
    expect(onContainer(rule, { ...bind("/run/docker.sock"), labels: labels(foreign) }, { config })).toEqual([]);
  });

  test("cover a socket, but not an agent's", () => {
    expect(onContainer(rule, { ...bind("/run/docker.sock"), labels: labels(waiver) })).toEqual([]);
    expect(onContainer(rule, { ...bind("/run/docker.sock"), labels: labels(agent) })).toHaveLength(1);
    expect(onContainer(rule, { ...bind("/var/run"), labels: labels(agent) })).toHaveLength(1);
  });

  test("cover an agent's directory, and never its socket", () => {
    expect(onContainer(rule, { ...bind("/etc/app"), labels: labels(agent) })).toEqual([]);
    expect(
      onContainer(rule, { ...bind("/run/docker.sock"), labels: labels(agent) }, { config: { waivableByLabel: true } }),
    ).toHaveLength(1);
  });
});

describe("volume options", () => {
  const volume = (properties: object) => [
    { type: "docker:index/volume:Volume", name: "data", properties: { name: "data", ...properties } },
  ];

  test("of a volume and of a mount", () => {
    const driverOpts = { type: "none", o: "bind", device: "/" };
    expect(findings(rule, volume({ driverOpts }))).toEqual(['driverOpts: a bind mount of "/"']);
    const mount = { type: "volume", source: "data", target: "/x", volumeOptions: { driverOptions: driverOpts } };
    expect(onContainer(rule, { mounts: [mount] })).toEqual([
      'mounts.0.volumeOptions.driverOptions: a bind mount of "/"',
    ]);
  });

  test("of a plugin", () => {
    const driverOpts = { mountpoint: "/srv" };
    expect(findings(rule, volume({ driver: "local-persist", driverOpts }))).toEqual([
      "driverOpts: option mountpoint of the driver local-persist, a path of the host",
    ]);
  });

  test("a password among the options is not repeated", () => {
    const driverOpts = { type: "cifs", device: "//192.0.2.1/files", o: "username=backup,password=hunter2" };
    const told = findings(rule, volume({ driverOpts }));
    expect(told).toEqual(["driverOpts: a network share (type cifs)"]);
  });

  test("a waiver on the volume", () => {
    const driverOpts = { type: "nfs", device: ":/srv" };
    const waived = { "garrison.waivers": "container.sensitive-mounts" };
    expect(findings(rule, volume({ driverOpts, labels: labels(waived) }))).toHaveLength(1);
    const ours = labels({ ...waived, "garrison.estate": "demo" });
    expect(findings(rule, volume({ driverOpts, labels: ours }))).toEqual([]);
  });
});
