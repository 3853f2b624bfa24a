import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostCommand } from "#components/host/host-command.ts";
import type { HostScript } from "#components/host/host-command.ts";
import { record } from "#scripts/report/plan/recording-monitor.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-command-"));
  await mkdir(join(directory, "bin"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function fake(name: string, body: string): Promise<void> {
  await writeFile(join(directory, "bin", name), `#!/bin/sh\n${body}\n`);
  await chmod(join(directory, "bin", name), 0o755);
}

/** Runs the command as the engine does, in the name of a user. */
async function run(uid: number, script: HostScript = { text: "echo ran as $1" }) {
  const docker = { host: "unix:///var/run/docker.sock", cgroupDriver: "systemd" } as const;
  const [command] = await record(() => hostCommand("test", docker, script, {}));
  await fake("id", `[ "$1" = -u ] && echo ${String(uid)} || echo somebody`);
  const { exitCode, stdout, stderr } = await execa("/bin/sh", ["-c", String(command?.inputs.create)], {
    input: String(command?.inputs.stdin),
    env: { PATH: `${join(directory, "bin")}:${process.env.PATH ?? ""}` },
    reject: false,
  });
  return { exitCode, output: stdout + stderr };
}

describe("a command for a host", () => {
  test("is run by root as it is", async () => {
    await fake("sudo", "echo asked sudo; exit 1");
    expect(await run(0)).toEqual({ exitCode: 0, output: "ran as apply" });
  });

  test("is run by sudo for others, with the script on stdin", async () => {
    await fake("sudo", `[ "$2" = -l ] && exit 0; while [ "$1" != sh ]; do shift; done; echo by sudo; exec "$@"`);
    expect(await run(1000)).toEqual({ exitCode: 0, output: "by sudo\nran as apply" });
  });

  test("says who needs what where there is neither", async () => {
    await fake("sudo", "echo sudo: a password is required >&2; exit 1");
    const { exitCode, output } = await run(1000);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^garrison: somebody on \S+ is not root and has no sudo without a password, which this/);
  });
});

describe("a script with secrets", () => {
  const planted = "planted-secret";
  const ended = (code: number): string =>
    `garrison: ended with exit code ${String(code)}; what else was printed is not shown, because the script holds secrets`;
  const failures = [
    ["a program repeats it", `echo ${planted}; echo ${planted} >&2; exit 3`, 3],
    ["a shell within repeats it", `echo 'echo ${planted} >&2; exit 4' | sh || exit`, 4],
    ["the shell traces", `set -x; : ${planted}; exit 5`, 5],
    ["the shell complains with it", `: "\${none:?${planted}}"`, 2],
    ["no such program", `set -e; ${planted}`, 127],
  ] as const;

  test.each(failures)("says nothing of it when it fails: %s", async (_, text, code) => {
    expect((await run(0, { text })).output).toContain(planted);
    expect(await run(0, { text, secret: true })).toEqual({ exitCode: code, output: ended(code) });
  });

  test("says in its own words what is wrong", async () => {
    const text = `echo ${planted}; echo "garrison: no room" >&"$tell"; echo 'ls /nowhere 2>&"$tell"' | sh || exit 1`;
    const { output } = await run(0, { text, secret: true });
    expect(output).toMatch(/^garrison: no room\n.*\/nowhere.*\n/);
    expect(output).not.toContain(planted);
  });

  test("ends well without a word", async () => {
    expect(await run(0, { text: `echo ${planted}`, secret: true })).toEqual({ exitCode: 0, output: "" });
  });
});
