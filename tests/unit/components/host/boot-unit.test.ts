import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bootUnit, unitFile } from "#components/host/boot-unit.ts";
import { shellCall, shellFile } from "#components/lib/shell.ts";
import { namei } from "#tests/support/namei.ts";

const installer = join(import.meta.dirname, "../../../../components/host/boot-unit.sh");
const unit = { name: "garrison-test-thing", description: "Does it's thing", script: "echo 'done'\n" };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-boot-"));
  await mkdir(join(directory, "bin"));
  await mkdir(join(directory, "systemd"));
  const systemctl = join(directory, "bin/systemctl");
  // Enabled is what was enabled.
  await writeFile(
    systemctl,
    `#!/bin/sh
echo "$*" >>${directory}/calls
case "$2" in is-enabled) [ -e ${directory}/enabled ] ;; enable) : >${directory}/enabled ;; disable) rm ${directory}/enabled ;; esac
`,
  );
  await chmod(systemctl, 0o755);
  await writeFile(join(directory, "bin/namei"), namei, { mode: 0o755 });
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs the snippet as a host script does, with the machine's directories moved into the test's. */
async function run(shell: string, mode: "apply" | "remove", { script = unit.script } = {}): Promise<string[]> {
  const text =
    `set -eu\nmode=$1\nfail() { echo "$*"; exit 1; }\n${shellFile(installer)}${shellCall("boot_unit", ...bootUnit({ ...unit, script }))}`
      .replaceAll("/run/systemd/system", join(directory, "systemd"))
      .replaceAll(/"(\/etc\/systemd\/system|\/usr\/local\/lib)/g, `"${directory}$1`);
  await rm(join(directory, "calls"), { force: true });
  const ended = await execa(shell, ["-s", mode], {
    input: text,
    env: { PATH: `${join(directory, "bin")}:${process.env.PATH ?? ""}` },
  });
  expect(ended.stderr).toBe("");
  const calls = await readFile(join(directory, "calls"), "utf8").catch(() => "");
  return calls.trim().split("\n");
}

const unitPath = () => join(directory, "etc/systemd/system/garrison-test-thing.service");
const scriptPath = () => join(directory, "usr/local/lib/garrison/garrison-test-thing");

describe.each(["dash", "bash"])("what a machine does at every start, installed by %s", (shell) => {
  test("is there once, enabled, and left alone the next time", async () => {
    const first = await run(shell, "apply");
    expect(first).toEqual([
      "daemon-reload",
      "--quiet is-enabled garrison-test-thing.service",
      "--quiet enable garrison-test-thing.service",
    ]);
    expect(await readFile(scriptPath(), "utf8")).toBe("echo 'done'\n");
    expect((await stat(scriptPath())).mode & 0o777).toBe(0o700);
    expect(await readFile(unitPath(), "utf8")).toBe(`${unitFile(unit)}\n`);
    expect((await stat(unitPath())).mode & 0o777).toBe(0o644);

    const { ino } = await stat(unitPath());
    expect(await run(shell, "apply")).toEqual(["--quiet is-enabled garrison-test-thing.service"]);
    expect((await stat(unitPath())).ino).toBe(ino);
  });

  test("follows its script", async () => {
    await run(shell, "apply");
    expect(await run(shell, "apply", { script: "echo other" })).toContain("daemon-reload");
    expect(await readFile(scriptPath(), "utf8")).toBe("echo other\n");
  });

  test("goes without a trace, and may be gone already", async () => {
    await run(shell, "apply");
    expect(await run(shell, "remove")).toEqual(["--quiet disable garrison-test-thing.service", "daemon-reload"]);
    for (const path of [unitPath(), scriptPath()]) await expect(stat(path)).rejects.toThrow("ENOENT");
    expect(await run(shell, "remove")).toEqual([""]);
  });

  test("is not put where there is no systemd", async () => {
    await rm(join(directory, "systemd"), { recursive: true });
    expect(await run(shell, "apply")).toEqual([""]);
    await expect(stat(unitPath())).rejects.toThrow("ENOENT");
  });
});

test("systemd reads the unit", async () => {
  const file = join(directory, "garrison-test-thing.service");
  await writeFile(file, unitFile(unit));
  const { exitCode, stderr } = await execa("systemd-analyze", ["verify", file], { reject: false });
  expect([exitCode, stderr]).toEqual([0, ""]);
});
