import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { FLOORS } from "#components/host/runtime-floor/floors.ts";
import type { Floor } from "#components/host/runtime-floor/floors.ts";
import { runtimeProgram } from "#components/host/runtime-floor/program.ts";

/** A package that every Debian has, in place of a program that not every machine has. */
const known = "base-files";
const version = execFileSync("dpkg-query", ["-W", "-f", "${Version}", known], { encoding: "utf8" });

const floor: Floor = {
  program: "docker",
  fixed: ["99.0.1"],
  packages: [known],
  backports: [],
  cves: ["CVE-1999-0000"],
  why: "it is somebody's door",
  source: "a test",
  otherwise: "another distribution",
};

function judge(changes: Partial<Floor>): Record<string, string> {
  const script = runtimeProgram([{ ...floor, ...changes }]);
  const said = execFileSync("sh", ["-s", "--", "--json"], { input: script, encoding: "utf8" });
  return JSON.parse(said.split("\n")[0] ?? "") as Record<string, string>;
}

describe("the runtime's floor", () => {
  test("a version below every line is told with what helps", () => {
    const found = judge({});
    expect(found).toMatchObject({ program: "docker", version, verdict: "below", cves: "CVE-1999-0000" });
    expect(found.next).toMatch(/another distribution|apt-get install --only-upgrade base-files/);
  });

  test.each([
    ["newer than all lines", { fixed: ["1.0.0", "1.1.5"] }, "good"],
    ["older than the only line above it", { fixed: ["1.0.0", "99.1.5"] }, "below"],
    ["the distribution's own number", { backports: [version] }, "good"],
    ["an older number of the distribution", { backports: [`${version}+deb99u1`] }, "below"],
    ["no such program", { program: "nothing" as never, packages: [] }, "absent"],
  ] as const)("%s", (_, changes, verdict) => {
    expect(judge(changes).verdict).toBe(verdict);
  });

  test("a line decides for its own versions, whatever the newest is", () => {
    const [major = "", minor = ""] = version.split(/[.+~-]/);
    const line = `${major}.${/^\d+$/.test(minor) ? minor : "0"}`;
    const number = execFileSync("sh", ["-c", `printf '%s' '${version}' | sed 's/[+~-].*//'`], { encoding: "utf8" });
    // 12.4 is older than 12.4.1 and belongs to the line 12: its own fix is asked for, not the newer line's.
    expect(judge({ fixed: [number, "99.0.1"] }).verdict).toBe("good");
    expect(judge({ fixed: [`${line}.99`, "99.0.1"] }).verdict).toBe("below");
  });

  test("every floor says why, from where, and what helps", () => {
    for (const { cves, source, why, otherwise, fixed } of FLOORS) {
      expect(cves.every((cve) => /^CVE-\d{4}-\d{4,}$/.test(cve))).toBe(true);
      expect([why, source, otherwise].every((text) => text.length > 10)).toBe(true);
      expect(fixed.length).toBeGreaterThan(0);
      // They are words of a JSON line that a shell prints.
      expect([why, otherwise].join("")).not.toMatch(/["\\]/);
    }
  });
});
