import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureRegistry } from "#lab/images/registry.ts";
import { labProcesses } from "#lab/machines/daemon.ts";
import { incusFiles } from "#lab/machines/paths.ts";
import { findProcesses } from "#helpers/processes/processes.ts";
import { importBusybox, removeByPrefix, testPrefix } from "../support/docker.ts";
import { hostPicture, testLab } from "../support/lab-machines.ts";
import type { TestLab } from "../support/lab-machines.ts";

// A real machine, with the commands that a person types: made, asked, attacked, killed under way, removed.
const minutes = 60_000;
const prefix = testPrefix();
const image = `${prefix}:1`;
let before: string[];
let lab: TestLab;

beforeAll(async () => {
  before = await hostPicture();
  lab = await testLab();
  await importBusybox(image);
  const up = await lab.run("up", "office");
  expect(up.exitCode, up.all).toBe(0);
  // The machine has no registry: the image comes over the same ssh connection.
  await execa({ shell: true })`docker save ${image} | ssh -F ${lab.files.sshConfig} office docker load`;
}, 10 * minutes);

afterAll(async () => {
  await lab.end();
  await removeByPrefix(prefix);
}, 2 * minutes);

interface Status {
  lab: string;
  machines: { role: string; state: string; system: string; address: string; hostKey: string; docker: string }[];
}

const status = async (): Promise<Status> => JSON.parse((await lab.run("status", "office", "--json")).stdout) as Status;

describe("a machine that is up", () => {
  test("is healthy by its own word and by its exit code", async () => {
    const ran = await lab.run("status", "office", "--json");
    expect(ran.exitCode, ran.all).toBe(0);
    const [office] = (JSON.parse(ran.stdout) as Status).machines;
    expect(office).toMatchObject({ role: "office", state: "running", system: "running" });
    expect(office?.docker).toMatch(/^\d+\./);
  });

  test("was configured by the real cloud-init", async () => {
    const said = await lab.on("office", "cloud-init", "status", "--long");
    expect(said.stdout).toContain("status: done");
    expect(said.stdout).toContain("DataSourceNoCloud");
    const checked = await lab.on("office", "sudo", "cloud-init", "schema", "--system");
    expect(checked.exitCode, checked.all).toBe(0);
    expect((await lab.on("office", "hostname")).stdout.trim()).toBe("office");
  });

  test("is root to itself and nobody to the host", async () => {
    const map = (await lab.on("office", "cat", "/proc/self/uid_map")).stdout.trim().split(/\s+/).map(Number);
    expect(map[0]).toBe(0);
    expect(map[1]).toBeGreaterThanOrEqual(1_000_000);
  });

  test(
    "stays exactly as it is when it is brought up again",
    async () => {
      const identity = "cat /proc/sys/kernel/random/boot_id /etc/machine-id; stat -c %Y /proc/1";
      const [first, picture] = [(await lab.on("office", identity)).stdout, await hostPicture()];
      const again = await lab.run("up", "office");
      expect(again.exitCode, again.all).toBe(0);
      expect(again.all).toContain("office: unchanged");
      expect((await lab.on("office", identity)).stdout).toBe(first);
      expect(await hostPicture()).toEqual(picture);
    },
    minutes,
  );

  test("is believed by the pinned host key only, and one that was replaced is read from its disk", async () => {
    const pinned = await readFile(lab.files.knownHosts, "utf8");
    const [office] = (await status()).machines;
    expect(pinned).toContain(office?.hostKey);
    try {
      await writeFile(lab.files.knownHosts, pinned.replace(/AAAA\S+/, forged));
      const ssh = ["-F", lab.files.sshConfig, "-o", "BatchMode=yes", "office", "true"];
      const refused = await execa("ssh", ssh, { reject: false, stdin: "ignore" });
      expect(refused.exitCode).toBe(255);
      expect(refused.stderr).toContain("Host key verification failed");
      expect((await lab.on("office", "true")).exitCode).toBe(0);
      expect(await readFile(lab.files.knownHosts, "utf8")).toBe(pinned);
    } finally {
      await writeFile(lab.files.knownHosts, pinned);
    }
  });

  test("reaches this host's registry under the same address", async () => {
    const { address } = await ensureRegistry();
    const asked = await lab.on("office", "curl", "-fsS", "-o", "/dev/null", `http://${address}/v2/`);
    expect(asked.exitCode, asked.all).toBe(0);
  });
});

/** A well-formed ed25519 key that no machine has. */
const forged = Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from("ssh-ed25519"),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString("base64");

describe("limits", () => {
  const run = (...args: string[]) => lab.on("office", "docker", "run", "--rm", "--network=none", ...args);

  test(
    "of a container's memory, processes and processors hold in the machine",
    async () => {
      const write = (megabytes: number) => [
        "busybox",
        "dd",
        "if=/dev/zero",
        "of=/dev/null",
        "count=1",
        `bs=${megabytes}M`,
      ];
      expect((await run("--memory=48m", "--memory-swap=48m", image, ...write(128))).exitCode).toBe(137);
      expect((await run("--memory=48m", "--memory-swap=48m", image, ...write(4))).exitCode).toBe(0);
      const forks = "'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'";
      expect((await run("--pids-limit=4", image, "sh", "-c", forks)).all).toContain("fork");
      expect((await run("--pids-limit=64", image, "sh", "-c", forks)).all).not.toContain("fork");
      const started = await lab.on(
        "office",
        "docker",
        "run",
        "-d",
        "--cpus=0.5",
        "--network=none",
        image,
        "sleep",
        "60",
      );
      const id = started.stdout.trim();
      const quota = await lab.on(
        "office",
        "sudo",
        "cat",
        `/sys/fs/cgroup/cpu/docker/${id}/cpu.cfs_quota_us`,
        `/sys/fs/cgroup/docker/${id}/cpu.max`,
      );
      expect(quota.stdout).toMatch(/^50000\b/);
      await lab.on("office", "docker", "rm", "-f", id);
      const root = await run("--read-only", image, "sh", "-c", "'echo > /x'");
      expect(root.all).toContain("Read-only file system");
      expect((await run(image, "sh", "-c", "'echo > /x'")).exitCode).toBe(0);
    },
    minutes,
  );

  test(
    "of the machine itself hold: its disk is full when it is full, and the host's is not",
    async () => {
      expect((await lab.on("office", "sudo", "fallocate", "-l", "64M", "/fill")).exitCode).toBe(0);
      const filled = await lab.on("office", "sudo", "fallocate", "-l", "400G", "/fill");
      expect(filled.all).toContain("No space left on device");
      await lab.on("office", "sudo", "rm", "-f", "/fill");
      const memory = Number((await lab.on("office", "awk", "'/MemTotal/ {print $2}'", "/proc/meminfo")).stdout);
      const host = Number(/MemTotal:\s+(\d+)/.exec(await readFile("/proc/meminfo", "utf8"))?.[1]);
      expect(memory).toBeLessThan(host);
    },
    minutes,
  );
});

describe("when it does not go well", () => {
  let id = "";
  const kill = (pid: number) => {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It went in between.
    }
  };

  test(
    "a machine whose daemon was killed goes on, and the next run finds it",
    async () => {
      id = (await status()).lab;
      const [daemon] = findProcesses(`--logfile=${incusFiles(id).log}`);
      expect(daemon).toBeDefined();
      kill(daemon?.pid ?? 0);
      expect((await lab.on("office", "true")).exitCode).toBe(0);
      const up = await lab.run("up", "office");
      expect(up.all).toContain("office: unchanged");
      const image = await lab.on("office", "docker", "images", "-q");
      expect(image.stdout.trim()).not.toBe("");
    },
    minutes,
  );

  test(
    "a bridge that was deleted by hand is there again, and the machine on it too",
    async () => {
      const identity = async () => (await lab.on("office", "cat", "/etc/machine-id")).stdout;
      const first = await identity();
      expect((await execa({ reject: false })`ip link delete ${id}-lab`).exitCode).toBe(0);
      const up = await lab.run("up", "office");
      expect(up.all).toContain("office: started");
      expect(await identity()).toBe(first);
    },
    minutes,
  );

  test.each([
    [0.4, "daemon and all"],
    [1.5, "daemon and all"],
    [3, "all but the daemon"],
  ] as const)(
    "what is killed after %d seconds of a first run, %s, the next run makes good",
    async (at, what) => {
      expect((await lab.run("down")).exitCode).toBe(0);
      const run = lab.begin("up", "office");
      await sleep(at * 1000);
      kill(run.pid ?? 0);
      await run;
      id = await readFile(lab.files.facts, "utf8").then(
        (text) => (JSON.parse(text) as { id: string }).id,
        () => "none",
      );
      const daemon = findProcesses(`--logfile=${incusFiles(id).log}`);
      const killed = [...(what === "daemon and all" ? daemon : []), ...labProcesses(incusFiles(id))];
      for (const { pid } of killed) kill(pid);
      const up = await lab.run("up", "office");
      expect(up.exitCode, up.all).toBe(0);
      const status = await lab.run("status", "office");
      expect(status.exitCode, status.all).toBe(0);
    },
    2 * minutes,
  );
});

test(
  "down leaves the host as it was",
  async () => {
    const down = await lab.run("down");
    expect(down.exitCode, down.all).toBe(0);
    expect(down.all).toContain("Nothing of it is left");
    expect(await hostPicture()).toEqual(before);
    expect((await lab.run("down")).all).toContain("nothing to remove");
  },
  minutes,
);
