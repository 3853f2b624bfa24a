import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { cacheDirectory } from "../../lab/engine/paths.ts";
import { ensureLabImages } from "../../lab/images/ensure.ts";
import { ensureRegistry } from "../../lab/images/registry.ts";
import { azureWeb } from "../../stacks/azure-web.ts";
import { keyPair } from "../support/debian-machine.ts";
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
let settingsOf: (changes?: object) => object;

beforeAll(async () => {
  lab = await testLab();
  files = await mkdtemp(join(tmpdir(), "garrison-azure-web-"));
  const imagesLock = join(files, "images.lock.json");
  await ensureLabImages({ services: azureWeb.services, lockFile: imagesLock });
  await ensureRegistry();
  const login = await keyPair(files, "login");
  const here = (await execa("ip", ["-4", "-json", "route", "get", "198.51.100.4"])).stdout;
  const [{ prefsrc }] = JSON.parse(here) as [{ prefsrc: string }];
  const openFiles = Number((await execa("sh", ["-c", "ulimit -Hn"])).stdout);
  const person = { uid: 1000, keys: [login.publicKey] };
  settingsOf = (changes = {}) => ({
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
        ...changes,
      },
      "garrison:host": {
        name: "web",
        deployer: { name: "garrison", ...person },
        operators: { garrison: person },
        operatorsFrom: [prefsrc],
        deployerFrom: [prefsrc],
        confirmSeconds: 60,
      },
      "garrison:resources": { memoryMiB: 4096, cpus: 2, openFiles },
      "garrison:network": "10.78.0.0/16",
      "garrison:imagesLock": imagesLock,
    },
  });
  engine = await makeEngine({ program: "" });
  stack = await machineStack(engine, "azure-web", stringify(settingsOf()));
}, 5 * minutes);

afterAll(async () => {
  await engine.dispose();
  await lab.end();
  await rm(files, { recursive: true, force: true });
}, 3 * minutes);

const pulumi = (...args: string[]) =>
  stack.pulumi(args, { ...lab.environment, XDG_CACHE_HOME: dirname(cacheDirectory()) });

test(
  "the first up from nothing completes",
  async () => {
    const up = await pulumi("up", "--yes", "--skip-preview");
    console.log(up.output);
    expect(up.exitCode, up.output).toBe(0);
  },
  10 * minutes,
);

test(
  "second",
  async () => {
    const up = await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--refresh");
    console.log(up.output);
    expect(up.exitCode, up.output).toBe(0);
  },
  10 * minutes,
);

test(
  "destroy",
  async () => {
    const up = await pulumi("destroy", "--yes", "--skip-preview");
    console.log(up.output);
    expect(up.exitCode, up.output).toBe(0);
  },
  10 * minutes,
);
void parse;
