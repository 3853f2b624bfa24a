import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { openFabric } from "#lab/azure/incus-fabric.ts";
import { rootShell } from "#components/host/host-command.ts";
import type { DockerSettings } from "#components/host/docker-host.ts";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { ensureLabImages } from "#lab/images/ensure.ts";
import { ensureRegistry } from "#lab/images/registry.ts";
import { azureWeb } from "#stacks/azure-web.ts";
import { azureAddress } from "../support/azure-facts.ts";
import { keyPair, until } from "../support/debian-machine.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { testLab } from "../support/lab-machines.ts";
import type { TestLab } from "../support/lab-machines.ts";
import { machineStack } from "../support/machine-stack.ts";
import type { MachineStack } from "../support/machine-stack.ts";

// The web stack as it stands, from nothing: network, machine, its own configuration and containers, in a simulated Azure
// whose machines, links and rules are real.
const minutes = 60_000;
let lab: TestLab;
let engine: TestEngine;
let files: string;
let stack: MachineStack;
let identityFile: string;

beforeAll(async () => {
  lab = await testLab();
  files = await mkdtemp(join(tmpdir(), "garrison-azure-web-"));
  const imagesLock = join(files, "images.lock.json");
  await ensureLabImages({ services: azureWeb.services, lockFile: imagesLock });
  await ensureRegistry();
  const login = await keyPair(files, "login");
  const here = (await execa("ip", ["-4", "-json", "route", "get", azureAddress(4)])).stdout;
  const [{ prefsrc }] = JSON.parse(here) as [{ prefsrc: string }];
  const openFiles = Number((await execa("sh", ["-c", "ulimit -Hn"])).stdout);
  const person = { uid: 2000, keys: [login.publicKey] };
  identityFile = login.file;
  const settings = {
    config: {
      "pulumi:disable-default-providers": ["docker", "azure-native", "cloudflare"],
      "garrison:lab": true,
      "garrison:machine": "azure-web",
      "garrison:docker": { identityFile: login.file, cgroupDriver: "cgroupfs" },
      "garrison:azure": {
        location: "westeurope",
        network: "10.88.0.0/16",
        image: "Debian:debian-12:12-gen2:0.20230612.1409",
        webFrom: ["Internet"],
      },
      "garrison:host": {
        name: "web",
        deployer: { name: "garrison", ...person },
        operators: { garrison: person },
        operatorsFrom: [prefsrc],
        deployerFrom: [prefsrc],
        confirmSeconds: 60,
      },
      // Scaled to what there is: 43 containers, most of them stand-ins.
      "garrison:resources": { memoryMiB: 8192, cpus: 2, openFiles },
      "garrison:network": "10.78.0.0/16",
      "garrison:imagesLock": imagesLock,
    },
  };
  engine = await makeEngine({ program: "" });
  stack = await machineStack(engine, "azure-web", stringify(settings));
}, 5 * minutes);

afterAll(async () => {
  await engine.dispose();
  await lab.end();
  await rm(files, { recursive: true, force: true });
}, 3 * minutes);

const pulumi = (...args: string[]) =>
  stack.pulumi(args, { ...lab.environment, XDG_CACHE_HOME: dirname(cacheDirectory()) });

async function up(...args: string[]): Promise<string> {
  const done = await pulumi("up", "--yes", "--skip-preview", ...args);
  expect(done.exitCode, done.output).toBe(0);
  return done.output;
}

/** Changes settings, as a person does. */
async function set(part: "azure" | "services", changes: object): Promise<void> {
  const known = parse(await readFile(stack.settings, "utf8")) as { config: Record<string, object> };
  const key = `garrison:${part}`;
  const config = { ...known.config, [key]: { ...known.config[key], ...changes } };
  await writeFile(stack.settings, stringify({ ...known, config }));
}

/** How the stack says that its machine is reached. */
async function way(): Promise<DockerSettings> {
  const { stdout } = await pulumi("stack", "output", "--json");
  const { address, hostKey } = JSON.parse(stdout) as { address: string; hostKey: string };
  return { host: address, hostKey, identityFile, cgroupDriver: "cgroupfs" };
}

/** Runs a script on the machine as root, over a connection of its own. */
async function onMachine(script: string): Promise<string> {
  const line = rootShell(await way(), "-s", "fresh");
  const { stdout, stderr, exitCode } = await execa("sh", ["-c", line], { input: script, reject: false });
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

/** Stay when the settings switch the others off. */
const FEW = ["authelia", "authelia-redis", "egress-proxy", "flowise", "n8n", "searxng", "site-1", "valkey"];
const GUARDS = ["wazuh-dashboard", "wazuh-indexer", "wazuh-manager"];
const few = [...FEW, ...GUARDS]
  .map((name) => `azweb-${name}`)
  .sort()
  .join("\n");

const healthy = () => onMachine("docker ps --filter health=healthy --format '{{.Names}}' | sort");
const everything = azureWeb.services
  .map(({ name }) => `azweb-${name}`)
  .sort()
  .join("\n");

/** Whether somebody from here gets an answer from the machine's public address. */
async function answers(port: number): Promise<boolean> {
  const { hostname } = new URL((await way()).host);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port, timeout: 3000 });
    const end = (answered: boolean) => () => {
      socket.destroy();
      resolve(answered);
    };
    socket.on("connect", end(true)).on("error", end(false)).on("timeout", end(false));
  });
}

test(
  "the first up makes everything from nothing: the machine, its configuration and its containers",
  async () => {
    await up();
    expect(await healthy()).toBe(everything);
    const agents = "docker inspect --format '{{.HostConfig.Runtime}}' azweb-n8n azweb-flowise";
    expect(await onMachine(agents)).toBe("runsc\nrunsc");
    // The key of the first boot is gone, and the one that everything connects with never left the machine.
    const keys = await onMachine("cat /etc/ssh/ssh_host_*_key.pub | cut -d ' ' -f 1,2");
    expect(keys).toBe((await way()).hostKey);
    expect(await onMachine("findmnt -n -o TARGET /data && echo kept >/data/mark")).toBe("/data");
    const state = (await pulumi("stack", "export")).stdout;
    expect(state).toContain("azure-native:compute:VirtualMachine");
    expect(state).not.toMatch(/"customData": ?"/);
  },
  20 * minutes,
);

test(
  "each RAG API has its own database in the one PostgreSQL, and gets into no other's",
  async () => {
    // A container in the RAG API's own network, with its password: the real PostgreSQL answers by its rules.
    const ask = (database: string) =>
      onMachine(
        `. /run/garrison/azweb/govgpt-rag/etc-rag-api/rag-api.env
image=$(docker inspect --format '{{.Image}}' azweb-lc-vectordb)
docker run --rm --network container:azweb-govgpt-rag -e PGPASSWORD="$POSTGRES_PASSWORD" --entrypoint psql "$image" \\
  -At -h lc-vectordb -U govgpt-rag -d ${database} -c 'select 1' 2>&1 || true`,
      );
    const list = `docker exec azweb-lc-vectordb psql -At -h /var/run/postgresql -U postgres -c "select datname from pg_database where datname like '%rag' order by 1"`;
    expect(await onMachine(list)).toBe("civiqs-rag\nedugpt-rag\ngovgpt-rag");
    expect(await ask("govgpt-rag")).toBe("1");
    expect(await ask("edugpt-rag")).toContain("no pg_hba.conf entry");
  },
  minutes,
);

test(
  "the second up changes nothing",
  async () => {
    await up("--expect-no-changes", "--refresh");
  },
  5 * minutes,
);

test(
  "what the security group lets in follows the settings",
  async () => {
    await onMachine("systemd-run --quiet --unit=probe python3 -m http.server 80 --directory /srv");
    await until(() => answers(80));
    await set("azure", { webFrom: [azureAddress(250)] });
    expect(await up()).toMatch(/NetworkSecurityGroup \S+ updated/);
    expect(await answers(80)).toBe(false);
    expect(await answers(22)).toBe(true);
  },
  5 * minutes,
);

test(
  "after a restart everything comes back by itself",
  async () => {
    const boot = "cat /proc/sys/kernel/random/boot_id; systemctl show -P ActiveEnterTimestampMonotonic basic.target";
    const before = await onMachine(boot);
    await onMachine("systemctl reboot").catch(() => undefined);
    await until(async () => (await onMachine(boot).catch(() => before)) !== before, 60);
    await until(async () => (await healthy().catch(() => "")) === everything, 240);
    expect(await onMachine("cat /data/mark")).toBe("kept");
    await up("--expect-no-changes");
  },
  5 * minutes,
);

test(
  "what the settings switch off is gone from the machine with its site, and the others go on as they are",
  async () => {
    // Of those that a lab gives no more memory to when others leave it.
    const others = "docker inspect --format '{{.Id}}' azweb-authelia azweb-site-1";
    const sites = "ls /etc/nginx/conf.d | grep -c -e site- -e -api";
    const networks = async () => Number(await onMachine("docker network ls --quiet | wc -l"));
    const [before, there] = [await onMachine(others), await networks()];
    expect(await onMachine(sites)).toBe("10");
    const names = azureWeb.services.map(({ name }) => name);
    const off = names.filter((name) => ![...FEW, ...GUARDS].includes(name)).map((name) => [name, "off"]);
    await set("services", Object.fromEntries(off) as object);
    await up();
    // One of them was not, once, on two busy processors.
    await until(async () => (await healthy()) === few, 120);
    expect(await onMachine(others)).toBe(before);
    expect(await onMachine(sites)).toBe("1");
    expect(await networks()).toBeLessThan(there - 25);
    await up("--expect-no-changes");
  },
  5 * minutes,
);

test(
  "a machine that is gone is made anew as another generation, with its data and without a word to the one before",
  async () => {
    const { hostKey } = await way();
    await removeMachine();
    await set("azure", { generation: 2 });
    await up();
    expect((await way()).hostKey).not.toBe(hostKey);
    expect(await healthy()).toBe(few);
    expect(await onMachine("cat /data/mark")).toBe("kept");
  },
  10 * minutes,
);

test(
  "destroy asks nothing of the machine, and leaves nothing",
  async () => {
    // Nobody would answer.
    await removeMachine();
    const destroyed = await pulumi("destroy", "--yes", "--skip-preview");
    expect(destroyed.exitCode, destroyed.output).toBe(0);
    expect((await stack.state()).filter((urn) => !urn.includes("pulumi:pulumi:Stack"))).toEqual([]);
  },
  5 * minutes,
);

/** Behind the stack's back. */
async function removeMachine(): Promise<void> {
  const { azure } = JSON.parse((await lab.run("status", "--json")).stdout) as { azure: { id: string }[] };
  const [machine] = azure;
  if (machine === undefined) throw new Error("there is no machine");
  const before = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = lab.environment.XDG_STATE_HOME;
  try {
    await (await openFabric()).removeMachine(machine.id);
  } finally {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
  }
}
