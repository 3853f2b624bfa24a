import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseImageLock } from "#components/container/image-lock.ts";
import { incusFabric } from "#lab/fabric/places.ts";
import { installEngine } from "#lab/engine/install.ts";
import { pulumiCacheFile } from "#helpers/pulumi/command-line.ts";
import { office as officeMachine } from "#stacks/office.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { checkout, committedSettings, machineStack, withDirectory } from "../support/machine-stack.ts";
import { olderNode } from "../support/older-node.ts";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

let engine: TestEngine;
let office: string;

beforeAll(async () => {
  engine = await makeEngine({ program: "" });
  office = await readFile(join(checkout, "tests/fixtures/Pulumi.office.yaml"), "utf8");
});

afterAll(() => engine.dispose());

test("a machine in Azure asks for everything that it needs, and says what it knows better itself", async () => {
  const stack = await machineStack(
    engine,
    "gpu",
    `config:
  garrison:docker:
    host: ssh://garrison@gpu.example
    hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl
  garrison:resources:
    memoryMiB: 221184
    cpus: 24
`,
  );
  const run = await stack.pulumi(["preview"]);
  expect(run.exitCode).not.toBe(0);
  expect(run.output).toContain("Settings of stack gpu: 4 problems; nothing was created");
  for (const line of [
    "garrison:azure: found nothing; expected where the machine is made",
    "garrison:host: found nothing; expected who gets in, and from where",
    'garrison:docker.host: found "ssh://garrison@gpu.example"; expected nothing: the stack makes the machine',
    'GKJl"; expected nothing: the stack makes the machine',
  ])
    expect(run.output).toContain(line);
  expect(run.output).not.toContain("    at ");
});

test("wrong settings are one report, and `up` makes nothing", async () => {
  const wrong = `config:
  garrison:lab: maybe
  garrison:estate: Very-Long-Name
  garrison:docker:
    host: ssh://root@nuc:22
    cgroupDriver: none
  garrison:resources:
    memoryMiB: 100
  garrison:network: 8.8.0.0/16
  garrison:publish:
    address: 0.0.0.0
  garrison:colour: green
  garrison:images:
    registry: https://ghcr.io
`;
  const stack = await machineStack(engine, "office", wrong);
  const run = await stack.pulumi(["up", "--yes", "--skip-preview"]);
  expect(run.exitCode).not.toBe(0);
  const report = /Settings of stack office: (\d+) problems; nothing was created/.exec(run.output);
  expect(report?.[1]).toBe("12");
  for (const setting of [
    "lab",
    "estate",
    "docker.hostKey",
    "docker.cgroupDriver",
    "resources.memoryMiB",
    "resources.cpus",
    "network",
    "publish.address",
    "colour",
    "images.registry",
    "pages.origins",
    "telegram.operators",
  ]) {
    expect(run.output).toContain(`- garrison:${setting}: found `);
  }
  // The engine shows an error when it comes and again at the end; it is one and the same report.
  expect(new Set(run.output.match(/Settings of stack .*/g)).size).toBe(1);
  expect((await stack.state()).filter((urn) => !urn.includes("pulumi:pulumi:Stack"))).toEqual([]);
}, 240_000);

test("outside the lab, images without a digest are refused, all of them, with what to type", async () => {
  const { images } = parseImageLock(JSON.parse(await readFile(join(checkout, "images.lock.json"), "utf8")));
  const used = new Set(officeMachine.services.filter(({ unready }) => unready === undefined).map(({ image }) => image));
  const open = Object.entries(images).filter(
    ([key, { digest, missing }]) => used.has(key) && digest === null && missing === undefined,
  );
  expect(open).not.toEqual([]);
  const stack = await machineStack(engine, "office-real", await realSettings());
  const run = await stack.pulumi(["preview"]);
  expect(run.exitCode).not.toBe(0);
  const told = [...run.output.matchAll(/- images\.([\w-]+): found/g)].map(([, key]) => key);
  expect(told.sort()).toEqual(open.map(([key]) => key).sort());
  for (const [key, { recipe }] of open) {
    expect(run.output).toContain(
      `type: npm run images -- ${recipe === undefined ? `lock ${key}` : `build ${key} --stack office-real`}\n`,
    );
  }
});

async function realSettings(): Promise<string> {
  const committed = await committedSettings("office");
  return `${committed.replace("cgroupDriver:", `hostKey: ${HOST_KEY}\n    cgroupDriver:`)}
  garrison:telegram:
    operators: [123456789]
`;
}

// The official plugin connects before it looks ahead.
test.runIf(process.env.GARRISON_TEST_ENGINE !== "official")("a local daemon need not run for a preview", async () => {
  const text = office
    .replace(/host: ssh.*\n.*hostKey.*\n/, "host: unix:///nonexistent/docker.sock\n")
    // The machine is the operator's own.
    .replace(/ {2}garrison:host:\n( {4}.*\n)+/, "");
  const stack = await machineStack(engine, "office-local", text);
  const run = await stack.pulumi(["preview"]);
  expect(run.exitCode, run.output).toBe(0);
  expect(run.output).toMatch(/Resources:\n\s+\+ \d+ to create/);
});

/**
 * The official language host takes whatever Node is on PATH, so the program meets old ones. This host is the lab's,
 * made to start programs with the older Node.
 */
test("an older Node is told which one is needed", async () => {
  await withDirectory(async (directory) => {
    const node = await olderNode(directory);
    const { stdout: version } = await execa(node, ["--version"]);
    const own = await installEngine({
      pulumi: pulumiCacheFile(),
      directory,
      node: process.execPath,
      fabric: incusFabric,
    });
    const host = join(directory, "bin/pulumi-language-nodejs");
    const start = `data:text/javascript,process.execPath=${JSON.stringify(node)}`;
    const main = join(checkout, "lab/engine/language-host/main.ts");
    await writeFile(host, `#!/bin/sh\nexec '${process.execPath}' --import '${start}' '${main}' "$@"\n`);
    await chmod(host, 0o755);
    const stack = await machineStack(engine, "office-old", office);
    const run = await stack.pulumi(["preview"], {
      PULUMI_HOME: own.home,
      PATH: [join(directory, "bin"), engine.environment.PATH].join(delimiter),
    });
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain(`this needs Node 22.18 or newer, found ${version.slice(1)}.`);
    expect(run.output).toContain("Type: npm ci && npm run pulumi -- up");
    expect(run.output).not.toContain("SyntaxError");
    expect(run.output).not.toContain("ERR_UNKNOWN_FILE_EXTENSION");
  });
}, 240_000);
