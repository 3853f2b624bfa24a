import { readdir, stat } from "node:fs/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pidLimitsScript, prepareScript } from "#components/container/host-scripts.ts";
import type { OwnedVolume } from "#components/container/host-scripts.ts";
import { docker, importBusybox, removeByPrefix, testPrefix } from "../support/docker.ts";

/** What Docker does to a volume when a container is created with it, with the host's preparation and without. */
const prefix = testPrefix();
const image = `${prefix}-owners`;
const USER = 20_001;

beforeAll(async () => {
  const own = "mkdir -p etc/own etc/empty && touch etc/own/content && chown 999:999 etc/own etc/own/content etc/empty";
  const plain = "mkdir -p etc/plain && touch etc/plain/content && ln -s busybox bin/stat && ln -s busybox bin/touch";
  await importBusybox(image, `${own} && ${plain}`);
}, 60_000);

afterAll(async () => {
  await execa("sh", ["-s", "remove"], { input: prepareScript(prefix, "cgroupfs", [], []) });
  await removeByPrefix(prefix);
}, 60_000);

let count = 0;

/** Where a new volume lies. */
async function newVolume(): Promise<{ name: string; path: string }> {
  const name = await docker("volume", "create", `${prefix}-${String(count++)}`);
  return { name, path: await docker("volume", "inspect", "--format", "{{.Mountpoint}}", name) };
}

async function onHost(script: string): Promise<void> {
  await execa("sh", ["-s", "apply"], { input: script });
}

async function prepare(volume: Omit<OwnedVolume, "gid">): Promise<void> {
  const driver = await docker("info", "--format", "{{.CgroupDriver}}");
  await onHost(prepareScript(prefix, driver === "systemd" ? driver : "cgroupfs", [{ ...volume, gid: volume.uid }], []));
}

/** Runs a script in a container with the volume, as the posture mounts it. */
async function inside(volume: string, target: string, script = "true", user = USER): Promise<number> {
  const mount = `type=volume,source=${volume},target=${target}`;
  const flags = ["--rm", "--read-only", "--cap-drop", "ALL", "--user", `${String(user)}:${String(user)}`];
  const { exitCode } = await execa("docker", ["run", ...flags, "--mount", mount, image, "/bin/sh", "-c", script], {
    reject: false,
  });
  return exitCode ?? -1;
}

async function ownerOf(path: string): Promise<string> {
  const { uid, gid, mode } = await stat(path);
  return `${String(uid)}:${String(gid)} ${(mode & 0o7777).toString(8)}`;
}

describe("a volume of a user that the image does not know", () => {
  test("is taken away from it by Docker, unless the host was prepared", async () => {
    const { name, path } = await newVolume();
    await execa("chown", [`${String(USER)}:${String(USER)}`, path]);
    expect(await inside(name, "/etc/plain", "touch /etc/plain/mine")).not.toBe(0);
    expect(await ownerOf(path)).toBe("0:0 755");
    expect(await readdir(path)).toEqual(["content"]);
  });

  test("stays its own on a prepared host, again and again", async () => {
    const { name, path } = await newVolume();
    for (const round of [1, 2]) {
      await prepare({ volume: name, uid: USER });
      expect(await inside(name, "/etc/plain", `touch /etc/plain/mine${String(round)}`)).toBe(0);
      expect(await ownerOf(path)).toBe(`${String(USER)}:${String(USER)} 700`);
    }
    expect((await readdir(path)).sort()).toEqual([".garrison-volume", "mine1", "mine2"]);
  });
});

describe("a volume that the image fills", () => {
  test.each([
    ["with content", "/etc/own", ["content"]],
    ["without", "/etc/empty", []],
  ])("has the image's owner and is left alone by every later run, %s", async (_, target, content) => {
    const { name, path } = await newVolume();
    for (const round of [1, 2, 3]) {
      await prepare({ volume: name, uid: USER, fromImage: true });
      expect(await inside(name, target, `[ "$(stat -c %u ${target})" = 999 ]`, 999)).toBe(0);
      expect(await ownerOf(path)).toBe("999:999 755");
      expect(await readdir(path), `round ${String(round)}`).toEqual(content);
    }
  });

  test("is its user's where the image has nothing at that path", async () => {
    const { name, path } = await newVolume();
    await prepare({ volume: name, uid: USER, fromImage: true });
    expect(await inside(name, "/data", "touch /data/mine")).toBe(0);
    expect(await ownerOf(path)).toBe(`${String(USER)}:${String(USER)} 755`);
  });
});

test("a CPU quota and a PID limit that change are the kernel's, without a restart", async () => {
  const container = `${prefix}-limits`;
  const atCreation = ["--cpu-period", "100000", "--cpu-quota", "50000"];
  await docker("run", "-d", "--name", container, ...atCreation, image, "/bin/sleep", "300");
  const started = await docker("inspect", "--format", "{{.State.StartedAt}}", container);
  await onHost(pidLimitsScript([{ container, pids: 32, cpus: 0.25 }]));
  const limits = await docker("inspect", "--format", "{{.HostConfig.CpuQuota}} {{.HostConfig.PidsLimit}}", container);
  expect(limits).toBe("25000 32");
  expect(await docker("inspect", "--format", "{{.State.StartedAt}}", container)).toBe(started);
});
