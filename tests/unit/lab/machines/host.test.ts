import { describe, expect, it } from "vitest";
import { cgroupOptions } from "#lab/machines/cgroup-options.ts";
import { kernelSettings, toRaise } from "#lab/machines/kernel.ts";
import { mountPoints } from "#lab/machines/mounts.ts";
import { debianLines, parseSources } from "#lab/machines/package-sources.ts";
import { readAnswer } from "#lab/machines/status.ts";

describe("kernel settings", () => {
  it("are raised where they are too low, and never lowered", () => {
    const now = { ...kernelSettings, "kernel/keys/maxkeys": 200, "vm/max_map_count": 1_000_000 };
    expect(toRaise(now)).toEqual({ "kernel/keys/maxkeys": 2000 });
  });

  it("that this kernel does not have are left alone", () => {
    expect(toRaise({})).toEqual({});
  });
});

it("mount points are read with their escapes", () => {
  const text = [
    "25 1 254:0 / / rw - ext4 /dev/vda rw",
    "30 25 7:0 / /run/garrison-lab/a/with\\040blank rw - ext4 /dev/loop0 rw",
    "",
  ].join("\n");
  expect(mountPoints(text)).toEqual(["/", "/run/garrison-lab/a/with blank"]);
});

it("of a cgroup tree's options only those of the tree itself count", () => {
  const text = [
    "cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0",
    "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid,relatime,nsdelegate 0 0",
  ].join("\n");
  expect(cgroupOptions(text)).toEqual({ "/sys/fs/cgroup/unified": ["nsdelegate"] });
});

describe("package sources", () => {
  const sources = parseSources(
    [
      "trixie main https://mirror.example/debian",
      "trixie contrib https://mirror.example/debian",
      "trixie-security main https://security.example/debian-security",
      "",
    ].join("\n"),
  );

  it("keep the host's addresses and change the suite only", () => {
    const wanted = ["bookworm", "bookworm-updates", "bookworm-security"];
    expect(debianLines(wanted, sources, "trixie", "https://mirror.example/debian")).toEqual([
      "deb https://mirror.example/debian bookworm main",
      "deb https://security.example/debian-security bookworm-security main",
    ]);
  });

  it("have the backports where the main suite is", () => {
    expect(debianLines(["bookworm-backports"], [], "bookworm", "https://mirror.example/debian")).toEqual([
      "deb https://mirror.example/debian bookworm-backports main",
    ]);
  });
});

describe("what a machine says of itself", () => {
  it("is read in full when it is well", () => {
    expect(readAnswer("running\n20.10.24+dfsg1 3\n")).toEqual({
      system: "running",
      docker: "20.10.24+dfsg1",
      containers: 3,
      failedUnits: [],
    });
  });

  it("names the units that failed, and a daemon that is gone", () => {
    expect(
      readAnswer("degraded\n\ndocker.service loaded failed failed Docker\nx.timer loaded failed failed X"),
    ).toEqual({
      system: "degraded",
      docker: undefined,
      containers: undefined,
      failedUnits: ["docker.service", "x.timer"],
    });
  });
});
