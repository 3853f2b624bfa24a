import { describe, expect, it } from "vitest";
import { lastLines } from "#scripts/docker/start.ts";

describe("the end of the daemon's log", () => {
  it("is what the daemon says about its failure, without its chatter", () => {
    const log = [
      'time="2026-11-21T12:15:21Z" level=warning msg="Unable to find pids cgroup in mounts"',
      'time="2026-11-21T12:15:21Z" level=error msg="no room"',
      'time="2026-11-21T12:15:21Z" level=info msg="[core] Channel Connectivity change"',
      "failed to start daemon: Devices cgroup isn't mounted",
      "",
    ].join("\n");
    expect(lastLines(log).split("\n")).toEqual([
      'time="2026-11-21T12:15:21Z" level=error msg="no room"',
      "failed to start daemon: Devices cgroup isn't mounted",
    ]);
  });

  it("is simply its end where no error is named", () => {
    const lines = Array.from({ length: 40 }, (_, index) => `time="${String(index)}" level=info`);
    expect(lastLines(lines.join("\n")).split("\n")).toEqual(lines.slice(-15));
  });
});
