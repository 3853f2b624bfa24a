import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findPidDrift } from "#scripts/engine/pid-limits.ts";
import { findStrangers } from "#scripts/engine/strangers.ts";
import type { EngineState } from "#scripts/engine/state.ts";

/** A tree of cgroups in which this process's own one, and its parent, carry limits. */
let root = "";
let cgroup = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "garrison-cgroups-"));
  const groups = await readFile("/proc/self/cgroup", "utf8");
  cgroup = /^\d+:pids:(.*)$/m.exec(groups)?.[1] ?? /^0::(.*)$/m.exec(groups)?.[1] ?? "/";
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function limit(group: string, value: string): Promise<void> {
  const directory = join(root, "pids", group);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "pids.max"), `${value}\n`);
}

const state: EngineState = {
  exists: true,
  pending: [],
  resources: [
    { urn: "limits", type: "garrison:container:PidLimits", outputs: { limits: { "e-sandbox": 256, "e-gone": 64 } } },
    {
      urn: "host",
      type: "garrison:container:PreparedHost",
      outputs: { cgroups: [{ cgroup: "/garrison-e/n02", pids: 256 }] },
    },
  ],
};

/** A daemon with one container, which is this process. */
const daemon = {
  getContainer: (name: string) => ({
    inspect: () =>
      name === "e-sandbox"
        ? Promise.resolve({
            State: { Running: true, Pid: process.pid },
            HostConfig: { CgroupParent: "/garrison-e/n02" },
          })
        : Promise.reject(Object.assign(new Error("no such container"), { statusCode: 404 })),
  }),
} as unknown as Docker;

test("a PID limit that the kernel does not have is found; an agent's is its parent's", async () => {
  await limit(dirname(cgroup), "256");
  await limit(cgroup, "256");
  // Where a process is in the root of its tree, that root is its own parent.
  const alone = dirname(cgroup) === cgroup;
  expect(await findPidDrift(state, daemon, root)).toEqual([]);

  await limit(cgroup, "max");
  const parent = { subject: "e-sandbox's parent", found: "max", wanted: "256" };
  expect(await findPidDrift(state, daemon, root)).toEqual(alone ? [parent] : []);

  await limit(cgroup, "256");
  await limit(dirname(cgroup), "max");
  expect(await findPidDrift(state, daemon, root)).toEqual([parent]);
});

test("a container on the estate's network without its label is a stranger", async () => {
  const members = { one: { Name: "e-nginx" }, two: { Name: "guest" } };
  const docker = {
    listContainers: () => Promise.resolve([{ Id: "one" }]),
    listNetworks: () => Promise.resolve([{ Id: "guard" }]),
    getNetwork: () => ({ inspect: () => Promise.resolve({ Name: "e-guard", Containers: members }) }),
  } as unknown as Docker;
  expect(await findStrangers(docker, "e")).toEqual([{ network: "e-guard", container: "guest" }]);
});
