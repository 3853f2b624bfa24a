import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { ensureLabImages } from "../../lab/images/ensure.ts";
import { ensureRegistry } from "../../lab/images/registry.ts";
import { office } from "../../stacks/office.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { testLab } from "../support/lab-machines.ts";
import type { TestLab } from "../support/lab-machines.ts";
import { machineStack } from "../support/machine-stack.ts";
import type { MachineStack } from "../support/machine-stack.ts";

// The office stack as it stands, on a bare machine that it knows by an address, a host key and a login key: the machine's
// own configuration, then its containers.
const minutes = 60_000;
let lab: TestLab;
let engine: TestEngine;
let files: string;
let stack: MachineStack;

interface Status {
  readonly machines: readonly { address: string; hostKey: string }[];
}

beforeAll(async () => {
  lab = await testLab();
  files = await mkdtemp(join(tmpdir(), "garrison-lab-office-"));
  const imagesLock = join(files, "images.lock.json");
  const up = await lab.run("up", "office");
  expect(up.exitCode, up.all).toBe(0);
  // Images come from this host's registry, which the machine reaches under the same address.
  await ensureLabImages({ services: office.services, lockFile: imagesLock });
  await ensureRegistry();
  const [machine] = (JSON.parse((await lab.run("status", "office", "--json")).stdout) as Status).machines;
  const openFiles = Number((await lab.on("office", "ulimit", "-Hn")).stdout);
  const memory = Number((await lab.on("office", "awk", "'/MemTotal/ {print $2}'", "/proc/meminfo")).stdout);
  engine = await makeEngine({ program: "" });
  const publicKey = (await readFile(`${lab.files.operatorKey}.pub`, "utf8")).trim();
  // The host's own end of the lab's bridge.
  const gateway = (machine?.address ?? "").replace(/\.\d+$/, ".1");
  const person = { uid: 1000, keys: [publicKey] };
  const settings = {
    "pulumi:disable-default-providers": ["docker", "azure-native", "cloudflare"],
    "garrison:lab": true,
    "garrison:machine": "office",
    "garrison:docker": {
      host: `ssh://garrison@${machine?.address ?? ""}`,
      hostKey: machine?.hostKey,
      identityFile: lab.files.operatorKey,
      cgroupDriver: "cgroupfs",
    },
    "garrison:host": {
      name: "office",
      deployer: { name: "garrison", ...person },
      operators: { garrison: person },
      operatorsFrom: [gateway],
      deployerFrom: [gateway],
      confirmSeconds: 60,
    },
    "garrison:resources": { memoryMiB: Math.floor(memory / 1024), cpus: 2, openFiles },
    "garrison:imagesLock": imagesLock,
  };
  stack = await machineStack(engine, "office", stringify({ config: settings }));
}, 15 * minutes);

afterAll(async () => {
  await engine.dispose();
  await lab.end();
  await rm(files, { recursive: true, force: true });
}, 3 * minutes);

test(
  "the first up deploys every container, and all become healthy",
  async () => {
    const up = await stack.pulumi(["up", "--yes", "--skip-preview"]);
    expect(up.exitCode, up.output).toBe(0);
    const listed = await lab.on("office", "docker", "ps", "--format", "'{{.Names}} {{.Status}}'");
    const running = listed.stdout.split("\n").filter((line) => line.startsWith("office-"));
    expect(running).toHaveLength(office.services.length);
    expect(running.filter((line) => line.includes("unhealthy"))).toEqual([]);
  },
  10 * minutes,
);

test(
  "the second up changes nothing, and needs no registry",
  async () => {
    const again = await stack.pulumi(["up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes"]);
    expect(again.exitCode, again.output).toBe(0);
  },
  5 * minutes,
);

test(
  "destroy leaves nothing but the machine and its volumes",
  async () => {
    const destroyed = await stack.pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(destroyed.exitCode, destroyed.output).toBe(0);
    expect((await lab.on("office", "docker", "ps", "-aq")).stdout.trim()).toBe("");
    expect((await lab.on("office", "ls", "/run/garrison")).stdout.trim()).toBe("");
  },
  5 * minutes,
);
