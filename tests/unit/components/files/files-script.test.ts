import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { filesScript } from "#components/files/files-script.ts";
import type { ServiceFiles } from "#components/files/plan-files.ts";
import { movedHost } from "#tests/support/moved-host.ts";
import { namei } from "#tests/support/namei.ts";
import { atLeast, isSwept } from "../../../support/sweep.ts";

/** Only root can give files to somebody else; others give them to themselves. */
const user =
  process.getuid?.() === 0
    ? { uid: 20_001, gid: 20_002 }
    : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const awkward = 'it\'s $HOME `id` \\n "quoted"\n\u00e4\u0000\n\n';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-files-"));
  for (const path of ["bin", "run", "units", "var/lib"]) await mkdir(join(directory, path), { recursive: true });
  await fake("id", "echo 0");
  await writeFile(join(directory, "bin/namei"), namei, { mode: 0o755 });
  await fake(
    "mount",
    `echo "tmpfs $6 tmpfs rw 0 0" >>${directory}/mounts`,
    `case "$*" in *noswap*) exit 1 ;; *remount*) exit 0 ;; esac`,
  );
  await fake("umount", `: >${directory}/mounts`);
  await writeFile(join(directory, "mounts"), "");
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Puts a program before the real ones; it notes how it was called. */
async function fake(name: string, body: string, before = ":"): Promise<void> {
  const file = join(directory, "bin", name);
  await writeFile(file, `#!/bin/dash\necho "${name} $*" >>${directory}/calls\n${before}\n${body}\n`);
  await chmod(file, 0o755);
}

function service(name: string, directories: Readonly<Record<string, Readonly<Record<string, string>>>>): ServiceFiles {
  return {
    service: name,
    user,
    secrets: [],
    directories: Object.entries(directories).map(([target, files]) => ({
      source: `/run/garrison/gt/${name}/${target}`,
      target: `/${target}`,
      files,
    })),
  };
}

/** Runs the script as the host command does, on the shell's stdin, with the machine's directories moved. */
async function run(
  shell: string,
  files: readonly ServiceFiles[],
  mode: "apply" | "remove" = "apply",
  text = scriptOf(files),
) {
  await rm(join(directory, "bin/sh"), { force: true });
  await symlink(`/bin/${shell}`, join(directory, "bin/sh"));
  await rm(join(directory, "calls"), { force: true });
  const { exitCode, stdout, stderr } = await execa("sh", ["-s", mode], {
    input: text,
    env: { PATH: `${join(directory, "bin")}:${process.env.PATH ?? ""}` },
    reject: false,
  });
  return { exitCode, output: stdout + stderr };
}

function scriptOf(files: readonly ServiceFiles[]): string {
  return movedHost(directory, filesScript("gt", files));
}

async function calls(): Promise<string[]> {
  return (await readFile(join(directory, "calls"), "utf8").catch(() => "")).trim().split("\n");
}

/** Encrypts with a cipher that is old and not safe; the lab uses the real program. */
function fakeCredentials(): Promise<void> {
  const turn = "tr A-Za-z N-ZA-Mn-za-m";
  return fake("systemd-creds", `if [ "$2" = encrypt ]; then ${turn} >"$4"; else ${turn} <"$3"; fi`);
}

/** Every file below the estate's root, hidden ones too, with its text. */
async function tree(): Promise<Record<string, string>> {
  const root = join(directory, "run/garrison/gt");
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      files.sort().map(async (file) => [file.slice(root.length + 1), await readFile(file, "utf8")] as const),
    ),
  );
}

const page = service("page", { "etc-page": { "page.conf": awkward, empty: "" }, "etc-keys": { key: "one" } });
const other = service("other", { etc: { own: "two" } });

describe.each(["dash", "bash"])("the files of a host, delivered by %s", (shell) => {
  test("are there, as they were meant, for their service only", async () => {
    expect(await run(shell, [page, other])).toEqual({ exitCode: 0, output: "" });
    expect(await tree()).toEqual({
      "other/etc/own": "two",
      "page/etc-keys/key": "one",
      "page/etc-page/empty": "",
      "page/etc-page/page.conf": awkward,
    });
    const root = join(directory, "run/garrison");
    const modes = ["", "/gt", "/gt/page", "/gt/page/etc-page", "/gt/page/etc-page/page.conf"];
    const found = await Promise.all(modes.map(async (path) => ((await stat(root + path)).mode & 0o777).toString(8)));
    expect(found).toEqual(["711", "711", "711", "750", "400"]);
    expect((await stat(join(root, "gt/page/etc-page"))).gid).toBe(user.gid);
    const { uid, gid } = await stat(join(root, "gt/page/etc-page/page.conf"));
    expect({ uid, gid }).toEqual(user);
  });

  test("lie in memory of the estate's own, which is limited and runs nothing", async () => {
    await run(shell, [page]);
    const root = join(directory, "run/garrison/gt");
    const options = "size=16m,mode=0711,nodev,nosuid,noexec";
    // This kernel does not know noswap.
    expect((await calls()).filter((call) => call.startsWith("mount"))).toEqual([
      `mount -t tmpfs -o ${options},noswap tmpfs ${root}`,
      `mount -t tmpfs -o ${options} tmpfs ${root}`,
    ]);
    await writeFile(join(directory, "mounts"), `tmpfs ${root} tmpfs rw 0 0\n`);
    await run(shell, [page]);
    expect((await calls()).filter((call) => call.startsWith("mount"))).toEqual([
      `mount -o remount,${options} tmpfs ${root}`,
    ]);
    await writeFile(join(directory, "mounts"), `/dev/sda1 ${root} ext4 rw 0 0\n`);
    const { exitCode, output } = await run(shell, [page]);
    expect([exitCode, output]).toEqual([1, `garrison: ${root} is a mounted ext4, not memory; type: umount ${root}`]);
  });

  test("are left alone when nothing changed, and replaced in the same directory when something did", async () => {
    await run(shell, [page, other]);
    const root = join(directory, "run/garrison/gt");
    const inodes = async () =>
      Promise.all(
        ["page/etc-page", "page/etc-page/page.conf", "other/etc/own"].map(
          async (path) => (await stat(join(root, path))).ino,
        ),
      );
    const first = await inodes();
    await run(shell, [page, other]);
    expect(await inodes()).toEqual(first);
    await run(shell, [service("page", { "etc-page": { "page.conf": "new", empty: "" } }), other]);
    const [directoryNow, fileNow, otherNow] = await inodes();
    expect([directoryNow, otherNow]).toEqual([first[0], first[2]]);
    expect(fileNow).not.toBe(first[1]);
    expect((await tree())["page/etc-page/page.conf"]).toBe("new");
  });

  test("are put right where somebody changed them", async () => {
    await run(shell, [page]);
    const file = join(directory, "run/garrison/gt/page/etc-page/page.conf");
    await chmod(file, 0o644);
    await run(shell, [page]);
    expect((await stat(file)).mode & 0o777).toBe(0o400);
    await chmod(file, 0o600);
    await writeFile(file, "changed");
    await chmod(file, 0o400);
    await run(shell, [page]);
    expect(await readFile(file, "utf8")).toBe(awkward);
  });

  test("go when they are not declared any more; those of another estate stay", async () => {
    await run(shell, [page, other]);
    const foreign = join(directory, "run/garrison/other-estate/page");
    await mkdir(foreign, { recursive: true });
    await writeFile(join(foreign, "key"), "theirs");
    await writeFile(join(directory, "run/garrison/gt/page/etc-page/.left.new"), "half");
    await run(shell, [service("page", { "etc-page": { empty: "" } })]);
    expect(await tree()).toEqual({ "page/etc-page/empty": "" });
    expect(await readdir(join(directory, "run/garrison/gt"))).toEqual(["page"]);

    expect(await run(shell, [page], "remove")).toEqual({ exitCode: 0, output: "" });
    await expect(stat(join(directory, "run/garrison/gt"))).rejects.toThrow("ENOENT");
    expect(await readFile(join(foreign, "key"), "utf8")).toBe("theirs");
    expect(await run(shell, [page], "remove")).toEqual({ exitCode: 0, output: "" });
  });

  test("are not touched by half a script", async () => {
    await run(shell, [page]);
    const whole = scriptOf([service("page", { "etc-page": { "page.conf": "new" } })]);
    for (const part of [0.3, 0.6, 0.9, 0.99]) {
      await run(shell, [], "apply", whole.slice(0, Math.floor(whole.length * part)));
      expect(await tree(), `after ${String(part)} of it`).toHaveProperty(["page/etc-page/page.conf"], awkward);
    }
  });

  test("never are half there, wherever the script is killed", async () => {
    const before = service("page", { etc: { one: "old one\n".repeat(2000), two: "old two" } });
    const after = service("page", { etc: { one: "new one\n".repeat(2000), two: "new two" } });
    const texts = { one: ["old one\n".repeat(2000), "new one\n".repeat(2000)], two: ["old two", "new two"] };
    const programs = ["base64", "cmp", "stat", "chmod", "chown", "mv"];
    let killed = 0;
    let tries = 0;
    for (const program of programs) {
      for (let nth = 1; ; nth += 1) {
        if (nth > 1 && !isSwept((tries += 1))) continue;
        await rm(join(directory, "run/garrison"), { recursive: true, force: true });
        await writeFile(join(directory, "mounts"), "");
        for (const name of programs) await rm(join(directory, "bin", name), { force: true });
        await run(shell, [before]);
        await fake(
          program,
          `exec /usr/bin/${program} "$@"`,
          `[ "$(grep -c "^${program} " ${directory}/calls)" != ${String(nth)} ] || { head -c 100 >/dev/null; kill -9 $PPID; exit 1; }`,
        );
        const ended = await run(shell, [after]);
        const { "page/etc/one": one, "page/etc/two": two } = await tree();
        expect(texts.one, `${program} ${String(nth)}`).toContain(one);
        expect(texts.two, `${program} ${String(nth)}`).toContain(two);
        if (ended.exitCode === 0) break;
        killed += 1;
        await rm(join(directory, "bin", program));
        expect(await run(shell, [after])).toEqual({ exitCode: 0, output: "" });
        expect(await tree()).toEqual({ "page/etc/one": texts.one[1], "page/etc/two": texts.two[1] });
      }
    }
    expect(killed).toBeGreaterThanOrEqual(Math.max(programs.length, atLeast(9)));
  }, 120_000);

  test("are delivered by root only", async () => {
    await fake("id", "echo 1000");
    expect(await run(shell, [page])).toEqual({
      exitCode: 1,
      output: "garrison: only root can configure a machine",
    });
  });

  test("come back after a reboot from an encrypted store, where there is systemd", async () => {
    await mkdir(join(directory, "run/systemd/system"), { recursive: true });
    await fake("systemctl", `[ "$2" != is-enabled ]`);
    await fakeCredentials();
    expect(await run(shell, [page])).toEqual({ exitCode: 0, output: "" });
    const store = join(directory, "var/lib/garrison/gt/files/previous/store");
    expect((await stat(store)).mode & 0o777).toBe(0o600);
    const kept = await readFile(store, "utf8");
    expect(kept).not.toContain(Buffer.from(awkward).toString("base64"));
    await run(shell, [page]);
    expect(await readFile(store, "utf8")).toBe(kept);

    await rm(join(directory, "run/garrison"), { recursive: true });
    await writeFile(join(directory, "mounts"), "");
    const boot = await execa("sh", [join(directory, "var/lib/garrison/host/program"), "start", "gt/files"], {
      env: { PATH: `${join(directory, "bin")}:${process.env.PATH ?? ""}`, SYSTEMD_LOG_LEVEL: "err" },
    });
    expect(boot.stderr).toBe("");
    expect((await tree())["page/etc-page/page.conf"]).toBe(awkward);
    expect(await readFile(join(directory, "units/garrison-gt-files.service"), "utf8")).toContain(
      "Before=docker.service",
    );

    await run(shell, [page, other]);
    expect(await readFile(store, "utf8")).not.toBe(kept);
    await run(shell, [page], "remove");
    for (const path of ["var/lib/garrison/gt", "var/lib/garrison/host", "units/garrison-gt-files.service"])
      await expect(stat(join(directory, path)), path).rejects.toThrow("ENOENT");
  });

  test("that are too many for systemd's store are refused with their size", async () => {
    await mkdir(join(directory, "run/systemd/system"), { recursive: true });
    await fakeCredentials();
    const { exitCode, output } = await run(shell, [service("page", { etc: { big: "x".repeat(900_000) } })]);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^garrison: the files are 117\d KiB, and systemd-creds keeps 1024; make them smaller$/);
  });
});

test("nobody's arguments hold a secret: a shell whose printf is a program is refused", async () => {
  const text = scriptOf([page]).replaceAll("command -v printf", "echo /usr/bin/printf");
  const { exitCode, output } = await run("dash", [page], "apply", text);
  expect(exitCode).toBe(1);
  expect(output).toContain("make /bin/sh dash or bash");
});
