import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { exec } from "#components/container/health.ts";
import { hardenedPosture } from "#components/container/posture.ts";
import { importBusybox, removeByPrefix, testPrefix } from "../support/docker.ts";

/**
 * The same attempt twice: in a container without the setting it succeeds, with it it fails. The options of the hardened
 * container come from the posture itself, so a setting that the posture loses is a red test here.
 */
const prefix = testPrefix();
const image = `${prefix}-attempts`;

beforeAll(async () => {
  // The host's `id` with the set-user-id bit; busybox would drop what the bit gives.
  const suid = "cp /usr/bin/id bin/suid && chmod 4755 bin/suid";
  const libraries = "ldd /usr/bin/id | grep -o '/[^ ]*' | xargs -I{} cp --parents -L {} .";
  const links = "for a in chown cp dd grep ip; do ln -sf busybox bin/$a; done; touch etc/owned; chmod 1777 tmp";
  await importBusybox(image, `${links}; ${suid} && ${libraries}`);
}, 60_000);

afterAll(async () => {
  await removeByPrefix(prefix);
}, 60_000);

/** Plain values, as the posture promises. */
const plain = z.object({
  user: z.string(),
  readOnly: z.boolean(),
  capabilities: z.object({ drops: z.array(z.string()) }),
  securityOpts: z.array(z.string()),
  networkMode: z.string(),
  memory: z.number(),
  memorySwap: z.number(),
  tmpfs: z.record(z.string(), z.string()),
  ipcMode: z.string(),
  cgroupnsMode: z.string(),
});

const hardened = hardenedPosture("attempt", {
  containerName: `${prefix}-attempt`,
  image: `example@sha256:${"0".repeat(64)}`,
  user: { uid: 20_001, gid: 20_001 },
  memory: 64,
  cpus: 1,
  pids: 32,
  writable: { "/tmp": { type: "tmpfs", size: 4, mode: "1777" } },
  health: exec(["true"]),
  listens: [],
  networks: [],
});

const posture = plain.parse(hardened);

/** The posture's settings as options of the docker command line, by name, so that each can be left out. */
const options: Readonly<Record<string, readonly string[]>> = {
  user: ["--user", posture.user],
  "read-only root": posture.readOnly ? ["--read-only"] : [],
  capabilities: posture.capabilities.drops.flatMap((name) => ["--cap-drop", name]),
  "no-new-privileges": posture.securityOpts.flatMap((option) => ["--security-opt", option]),
  network: ["--network", posture.networkMode],
  memory: ["--memory", `${String(posture.memory)}m`, "--memory-swap", `${String(posture.memorySwap)}m`],
  tmpfs: Object.entries(posture.tmpfs).flatMap(([path, o]) => ["--tmpfs", `${path}:${o}`]),
  ipc: ["--ipc", posture.ipcMode],
  "cgroup namespace": ["--cgroupns", posture.cgroupnsMode],
};

interface Attempt {
  readonly setting: string;
  readonly what: string;
  readonly script: string;
  /** Settings beside this one that would stop the attempt too and are left out on both sides. */
  readonly without?: readonly string[];
  /** What takes the setting's place on the open side. */
  readonly instead?: readonly string[];
}

const attempts: readonly Attempt[] = [
  { setting: "user", what: "act as root", script: '[ "$(id -u)" = 0 ]' },
  {
    setting: "read-only root",
    what: "write a program into the root",
    script: "echo x > /bin/new",
    without: ["user", "capabilities"],
  },
  {
    setting: "capabilities",
    what: "take over a file",
    script: "chown 1:1 /etc/owned",
    without: ["user", "read-only root"],
  },
  {
    setting: "no-new-privileges",
    what: "become root by a set-user-id program",
    script: '[ "$(/bin/suid -u)" = 0 ]',
    without: ["capabilities"],
  },
  { setting: "network", what: "find a way out", script: "ip route | grep -q default" },
  { setting: "memory", what: "fill memory", script: "dd if=/dev/zero of=/dev/null bs=96M count=1" },
  {
    setting: "tmpfs",
    what: "run a program from a writable path",
    script: "cp /bin/busybox /tmp/busybox && /tmp/busybox true",
    instead: ["--tmpfs", "/tmp:rw,exec,size=64m,mode=1777"],
  },
  {
    setting: "tmpfs",
    what: "write more than its share",
    script: "dd if=/dev/zero of=/tmp/fill bs=1M count=8",
    instead: ["--tmpfs", "/tmp:rw,size=64m,mode=1777"],
  },
  {
    setting: "cgroup namespace",
    what: "see the host's cgroups",
    script: "grep -qv ':/$' /proc/self/cgroup",
    instead: ["--cgroupns", "host"],
  },
];

async function attempt(script: string, flags: readonly string[]): Promise<number> {
  const run = await execa("docker", ["run", "--rm", "--entrypoint", "/bin/sh", ...flags, image, "-c", script], {
    reject: false,
  });
  return run.exitCode ?? -1;
}

describe.each(attempts)("$setting: $what", ({ setting, script, without = [], instead = [] }) => {
  const others = Object.entries(options)
    .filter(([name]) => name !== setting && !without.includes(name))
    .flatMap(([, flags]) => flags);

  test("succeeds without the setting", async () => {
    expect(await attempt(script, [...others, ...instead])).toBe(0);
  });

  test("fails with it", async () => {
    const code = await attempt(script, [...others, ...(options[setting] ?? [])]);
    expect(code).not.toBe(0);
    // 125 is Docker's own failure: then nothing was attempted.
    expect(code).not.toBe(125);
  });
});

test("a fork bomb ends at the limit, and runs on without it", async () => {
  const script = 'n=0; while [ $n -lt 200 ]; do sleep 20 & n=$((n+1)); done 2>/dev/null; echo "$n"';
  const limited = ["--pids-limit", "32"];
  const free = await execa("docker", ["run", "--rm", image, "/bin/sh", "-c", script], { reject: false });
  const bounded = await execa("docker", ["run", "--rm", ...limited, image, "/bin/sh", "-c", script], { reject: false });
  expect(free.stdout).toBe("200");
  expect(bounded.stdout).not.toBe("200");
}, 120_000);
