import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pidLimitsScript, prepareScript } from "#components/container/host-scripts.ts";
import type { OwnedVolume } from "#components/container/host-scripts.ts";
import { movedHost } from "#tests/support/moved-host.ts";
import { namei } from "#tests/support/namei.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-scripts-"));
  for (const path of ["bin", "run", "units"]) await mkdir(join(directory, path));
  await fake("id", "echo 0");
  await writeFile(join(directory, "bin/namei"), namei, { mode: 0o755 });
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Puts a program of that name before the real ones; `$log` notes how it was called. */
async function fake(name: string, body: string): Promise<void> {
  await mkdir(join(directory, "bin"), { recursive: true });
  const file = join(directory, "bin", name);
  const log = join(directory, "calls");
  await writeFile(file, `#!/bin/sh\nlog=${log}\nprintf '%s\\n' "${name} $*" >>"$log"\n${body}\n`);
  await chmod(file, 0o755);
}

/** Runs a script as the host command does: on the shell's stdin. The kernel's files are a directory of the test. */
async function run(script: string, mode: "apply" | "remove") {
  const { exitCode, stderr } = await execa("sh", ["-s", mode], {
    input: movedHost(directory, script).replaceAll(/\/proc\/(?=\$process)/g, `${directory}/proc/`),
    env: { PATH: `${join(directory, "bin")}:${process.env.PATH ?? ""}` },
    reject: false,
  });
  return { exitCode, stderr };
}

async function calls(): Promise<string[]> {
  return (await readFile(join(directory, "calls"), "utf8")).trim().split("\n");
}

function cgroup(...parts: string[]): string {
  return join(directory, "cgroup", ...parts);
}

async function daemon(driver: string): Promise<void> {
  await fake("docker", `case "$1" in info) echo ${driver} ;; volume) echo ${directory}/volumes/"$5" ;; esac`);
}

const volumes = [{ volume: "office-data", uid: 20_001, gid: 20_002 }];
const agents = [{ cgroup: "/garrison-office/n03", pids: 64 }];

describe("the script that prepares a host", () => {
  test.each(["systemd", "cgroupfs"] as const)("is POSIX shell (%s)", async (driver) => {
    const script = prepareScript("office", driver, volumes, agents);
    const { exitCode, stderr } = await execa("sh", ["-n"], { input: script, reject: false });
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  test("says what is wanted, a line each", () => {
    const script = prepareScript("office", "cgroupfs", volumes, agents);
    expect(script).toContain("\ndaemon cgroupfs\nvolume office-data 20001 20002\ncgroup /garrison-office/n03 64\nend ");
    // What is gone after a restart of the machine is made again before Docker starts.
    expect(script).toContain("\nenable garrison-office-cgroups.service\n");
    const slices = prepareScript("office", "systemd", [], [{ cgroup: "garrison-office-n03.slice", pids: 64 }]);
    expect(slices).not.toContain("\nenable ");
    expect(slices).toContain("\ncgroup garrison-office-n03.slice 64\nend ");
  });

  test("a daemon without the runtime that agents need is told so, with what to type, and with it goes on", async () => {
    const script = prepareScript("office", "cgroupfs", [], [], ["runsc"]);
    const knows = (runtimes: string, args = '["--oci-seccomp"]') =>
      fake(
        "docker",
        `case "$*" in *"index .Runtimes"*) echo '{"runtimeArgs":${args}}' ;; *Runtimes*) echo "${runtimes}" ;; *CgroupDriver*) echo cgroupfs ;; esac`,
      );
    await knows("io.containerd.runc.v2 runc runsc-kvm ");
    const { exitCode, stderr } = await run(script, "apply");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("the daemon has no runtime runsc, under which agents run");
    expect(stderr).toContain("type on its machine: sudo apt-get install runsc && ");
    await knows("io.containerd.runc.v2 runc runsc ", '["--platform=systrap"]');
    const without = await run(script, "apply");
    expect(without.exitCode).toBe(1);
    expect(without.stderr).toContain("the daemon starts runsc without --oci-seccomp");
    await knows("io.containerd.runc.v2 runc runsc ");
    expect(await run(script, "apply")).toEqual({ exitCode: 0, stderr: "" });
  });

  test("refuses a machine whose accounts it cannot read, and asks about none but root's container", async () => {
    await daemon("cgroupfs");
    await fake("getent", "exit 127");
    const numbered = (uid: number) =>
      run(prepareScript("office", "cgroupfs", [], [], [], [{ container: "c", uid, gid: uid }]), "apply");
    expect((await numbered(21_000)).stderr).toContain("the accounts of this machine cannot be read");
    expect(await numbered(0)).toEqual({ exitCode: 0, stderr: "" });
    const removed = prepareScript("office", "cgroupfs", [], [], [], [{ container: "c", uid: 21_000, gid: 21_000 }]);
    expect(await run(removed, "remove")).toEqual({ exitCode: 0, stderr: "" });
  });

  test("gives a volume to its user and closes it to others", async () => {
    await daemon("cgroupfs");
    await fake("chown", "");
    await mkdir(join(directory, "volumes/office-data"), { recursive: true, mode: 0o777 });
    expect(await run(prepareScript("office", "cgroupfs", volumes, []), "apply")).toEqual({ exitCode: 0, stderr: "" });
    const mountpoint = join(directory, "volumes/office-data");
    expect(await calls()).toContain(`chown -h 20001:20002 ${mountpoint}`);
    expect((await stat(mountpoint)).mode & 0o777).toBe(0o700);
  });

  test("marks an empty volume, so that Docker leaves it its user, and no other", async () => {
    await daemon("cgroupfs");
    await fake("chown", "");
    const empty = join(directory, "volumes/office-data");
    const used = join(directory, "volumes/office-used");
    for (const path of [empty, used]) await mkdir(path, { recursive: true });
    await writeFile(join(used, "data"), "");
    const both = [...volumes, { volume: "office-used", uid: 20_003, gid: 20_003 }];
    expect(await run(prepareScript("office", "cgroupfs", both, []), "apply")).toEqual({ exitCode: 0, stderr: "" });
    expect(await readdir(empty)).toEqual([".garrison-volume"]);
    expect(await readdir(used)).toEqual(["data"]);
  });

  describe("a volume that the image fills", () => {
    const filled = { volume: "office-data", uid: 1000, gid: 1000, fromImage: true } as const;
    const chowns = async (): Promise<string[]> => (await calls()).filter((call) => call.startsWith("chown"));

    /** Prepares it as it is found: with those entries, that owner. */
    async function prepare(owner: string, entries: readonly string[], volume: OwnedVolume = filled): Promise<string> {
      await daemon("cgroupfs");
      await fake("chown", "");
      await fake("stat", `echo ${owner}`);
      const path = join(directory, "volumes/office-data");
      await mkdir(path, { recursive: true, mode: 0o755 });
      for (const entry of entries) await writeFile(join(path, entry), "");
      expect(await run(prepareScript("office", "cgroupfs", [volume], []), "apply")).toEqual({
        exitCode: 0,
        stderr: "",
      });
      expect(await readdir(path)).toEqual(entries);
      expect((await stat(path)).mode & 0o777).toBe(0o755);
      return path;
    }

    test("is given to the user while it is as Docker made it, and stays empty", async () => {
      const path = await prepare("0:0", []);
      expect(await chowns()).toEqual([`chown -h 1000:1000 ${path}`]);
    });

    test.each([
      ["has something in it", "0:0", ["data"]],
      ["has the image's owner", "0:999", []],
    ])("is left alone once it %s", async (_, owner, entries) => {
      await prepare(owner, entries);
      expect(await chowns()).toEqual([]);
    });

    test("stays root's where the user is root", async () => {
      await prepare("0:0", [], { ...filled, uid: 0, gid: 0 });
      expect(await chowns()).toEqual([]);
    });
  });

  test("leaves a volume that is its user's already alone", async () => {
    await daemon("cgroupfs");
    await fake("chown", "");
    await fake("stat", "echo 20001:20002");
    await mkdir(join(directory, "volumes/office-data"), { recursive: true });
    expect((await run(prepareScript("office", "cgroupfs", volumes, []), "apply")).exitCode).toBe(0);
    expect((await calls()).filter((call) => call.startsWith("chown"))).toEqual([]);
  });

  test("makes a cgroup with its limit, again and again, and removes it", async () => {
    await daemon("cgroupfs");
    await mkdir(cgroup("pids"), { recursive: true });
    const script = prepareScript("office", "cgroupfs", [], agents);
    for (const round of [1, 2]) {
      expect(await run(script, "apply"), `round ${round}`).toEqual({ exitCode: 0, stderr: "" });
      expect(await readFile(cgroup("pids/garrison-office/n03/pids.max"), "utf8")).toBe("64\n");
    }
    // The kernel's files go with their directory; these are plain ones.
    await rm(cgroup("pids/garrison-office/n03/pids.max"));
    expect(await run(script, "remove")).toEqual({ exitCode: 0, stderr: "" });
    await expect(stat(cgroup("pids/garrison-office"))).rejects.toThrow("ENOENT");
  });

  test("removes a cgroup with the empty ones that a killed daemon left in it, but none that holds something", async () => {
    await daemon("cgroupfs");
    const left = cgroup("pids/garrison-office/n03/container");
    await mkdir(left, { recursive: true });
    // What stands for processes: a directory that cannot be removed.
    await writeFile(join(left, "held"), "");
    const script = prepareScript("office", "cgroupfs", [], agents);
    expect((await run(script, "remove")).exitCode).not.toBe(0);
    await rm(join(left, "held"));
    expect(await run(script, "remove")).toEqual({ exitCode: 0, stderr: "" });
    await expect(stat(cgroup("pids/garrison-office"))).rejects.toThrow("ENOENT");
  });

  test("hands the controller down under the unified hierarchy", async () => {
    await daemon("cgroupfs");
    await mkdir(cgroup(), { recursive: true });
    await writeFile(cgroup("cgroup.controllers"), "cpu memory pids\n");
    expect(await run(prepareScript("office", "cgroupfs", [], agents), "apply")).toEqual({ exitCode: 0, stderr: "" });
    expect(await readFile(cgroup("cgroup.subtree_control"), "utf8")).toBe("+pids\n");
    expect(await readFile(cgroup("garrison-office/cgroup.subtree_control"), "utf8")).toBe("+pids\n");
    expect(await readFile(cgroup("garrison-office/n03/pids.max"), "utf8")).toBe("64\n");
  });

  test("makes a slice with its limit and reads it back", async () => {
    await daemon("systemd");
    await fake("systemctl", 'case "$1" in show) echo /garrison.slice/own.slice ;; esac');
    await mkdir(join(directory, "run/systemd/system"), { recursive: true });
    await mkdir(cgroup("pids/garrison.slice/own.slice"), { recursive: true });
    await writeFile(cgroup("pids/garrison.slice/own.slice/pids.max"), "64\n");
    const script = prepareScript("office", "systemd", [], [{ cgroup: "own.slice", pids: 64 }]);
    expect(await run(script, "apply")).toEqual({ exitCode: 0, stderr: "" });
    expect(await readFile(join(directory, "units/own.slice"), "utf8")).toBe("[Slice]\nTasksMax=64\n");
    expect((await calls()).filter((call) => call === "systemctl daemon-reload")).toHaveLength(1);
    expect((await run(script, "apply")).exitCode).toBe(0);
    expect((await calls()).filter((call) => call === "systemctl daemon-reload")).toHaveLength(1);

    await writeFile(cgroup("pids/garrison.slice/own.slice/pids.max"), "max\n");
    const unlimited = await run(script, "apply");
    expect(unlimited.exitCode).toBe(1);
    expect(unlimited.stderr).toBe("garrison: the PID limit of cgroup own.slice is max, not 64");

    expect((await run(script, "remove")).exitCode).toBe(0);
    await expect(stat(join(directory, "units/own.slice"))).rejects.toThrow("ENOENT");
    expect(await calls()).toContain("systemctl stop own.slice");
  });

  test("stops before anything else when the daemon's driver is another", async () => {
    await daemon("systemd");
    await mkdir(cgroup("pids"), { recursive: true });
    const { exitCode, stderr } = await run(prepareScript("office", "cgroupfs", [], agents), "apply");
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "garrison: the daemon's cgroup driver is systemd, the settings say cgroupfs; " +
        "type: pulumi config set --path garrison:docker.cgroupDriver systemd",
    );
    await expect(stat(cgroup("pids/garrison-office"))).rejects.toThrow("ENOENT");
  });

  test("says so when no daemon answers", async () => {
    await fake("docker", "exit 1");
    const { exitCode, stderr } = await run(prepareScript("office", "cgroupfs", [], agents), "apply");
    expect([exitCode, stderr]).toEqual([1, "garrison: no Docker daemon answers"]);
  });

  test("removes nothing of a volume", async () => {
    await fake("docker", "exit 1");
    await fake("chown", "exit 1");
    expect(await run(prepareScript("office", "cgroupfs", volumes, []), "remove")).toEqual({ exitCode: 0, stderr: "" });
  });
});

describe("the script of the PID limits", () => {
  const page = { container: "office-page", pids: 64, cpus: 0.5 };
  const agent = { container: "office-sandbox", pids: 32, cpus: 0.5, cgroupParent: "/garrison-office/n03" };

  /** A container that runs as process 42 in a cgroup with that limit, below a parent with that one. */
  async function running(limit: string, parent: string, hierarchy = "7:pids:/docker/one"): Promise<void> {
    await fake("docker", 'case "$1" in inspect) echo 42 ;; esac');
    await mkdir(join(directory, "proc/42"), { recursive: true });
    await writeFile(
      join(directory, "proc/42/cgroup"),
      `9:memory:/elsewhere\n8:cpu,cpuacct:/docker/one\n${hierarchy}\n`,
    );
    await mkdir(cgroup("cpu/docker/one"), { recursive: true });
    await writeFile(cgroup("cpu/docker/one/cpu.cfs_quota_us"), "50000\n");
    await mkdir(cgroup("pids/docker/one"), { recursive: true });
    await writeFile(cgroup("pids/docker/one/pids.max"), `${limit}\n`);
    await writeFile(cgroup("pids/docker/pids.max"), `${parent}\n`);
  }

  test("is POSIX shell, and quotes what it names", async () => {
    const script = pidLimitsScript([page, agent, { container: "a b;reboot", pids: 1, cpus: 1 }]);
    const { exitCode, stderr } = await execa("sh", ["-n"], { input: script, reject: false });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(script).toContain("\ncontainer 'a b;reboot' 1 100000 100000\n");
  });

  test("applies each limit and reads it back from the kernel", async () => {
    await running("64", "max");
    expect(await run(pidLimitsScript([page]), "apply")).toEqual({ exitCode: 0, stderr: "" });
    expect(await calls()).toContain("docker update --pids-limit 64 --cpu-period 100000 --cpu-quota 50000 office-page");
  });

  test("fails when the kernel has another CPU quota than Docker was told", async () => {
    await running("64", "max");
    await writeFile(cgroup("cpu/docker/one/cpu.cfs_quota_us"), "25000\n");
    const { exitCode, stderr } = await run(pidLimitsScript([page]), "apply");
    expect(exitCode).toBe(1);
    expect(stderr).toBe("garrison: the CPU quota of office-page is 25000 in /docker/one, not 50000");
  });

  test("fails when the kernel has another limit than Docker was told", async () => {
    await running("max", "max");
    const { exitCode, stderr } = await run(pidLimitsScript([page]), "apply");
    expect(exitCode).toBe(1);
    expect(stderr).toBe("garrison: the PID limit of office-page is max in /docker/one, not 64");
  });

  test("fails when there is no limit to be read", async () => {
    await running("64", "max");
    await rm(cgroup("pids/docker/one/pids.max"));
    expect((await run(pidLimitsScript([page]), "apply")).stderr).toContain("is none in /docker/one, not 64");
  });

  test("an agent's limit is its parent's, and nothing asks the agent's runtime for one", async () => {
    await running("max", "32");
    expect(await run(pidLimitsScript([agent]), "apply")).toEqual({ exitCode: 0, stderr: "" });
    expect((await calls()).filter((call) => call.startsWith("docker update"))).toEqual([]);
    await writeFile(cgroup("pids/docker/pids.max"), "max\n");
    const { exitCode, stderr } = await run(pidLimitsScript([agent]), "apply");
    expect(exitCode).toBe(1);
    expect(stderr).toBe("garrison: the PID limit of office-sandbox is max in /docker, not 32");
  });

  test("reads the unified hierarchy", async () => {
    await running("64", "max", "0::/docker/one");
    await writeFile(join(directory, "proc/42/cgroup"), "0::/docker/one\n");
    await writeFile(cgroup("cgroup.controllers"), "cpu pids\n");
    await mkdir(cgroup("docker/one"), { recursive: true });
    await writeFile(cgroup("docker/one/cpu.max"), "50000 100000\n");
    await writeFile(cgroup("docker/one/pids.max"), "64\n");
    expect(await run(pidLimitsScript([page]), "apply")).toEqual({ exitCode: 0, stderr: "" });
  });

  test("a container that does not run is an error, not a container without processes", async () => {
    await fake("docker", 'case "$1" in inspect) echo 0 ;; esac');
    const { exitCode, stderr } = await run(pidLimitsScript([page]), "apply");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^garrison: office-page is not running .*docker logs office-page.*type: pulumi up --refresh$/,
    );
  });
});
