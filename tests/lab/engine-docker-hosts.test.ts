import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { docker, importBusybox, removeByPrefix, testPrefix } from "../support/docker.ts";
import { makeEngine, type TestEngine } from "../support/engine.ts";
import { startSshd, type TestSshd } from "../support/sshd.ts";
import { startTlsDocker, type TlsDocker } from "../support/tls-docker.ts";

const prefix = testPrefix();
let image = "";
let sshd: TestSshd;
let tls: TlsDocker;
let files = "";
let engine: TestEngine;

/** A network and two containers by way of the host that the arguments describe. */
function program(provider: object): string {
  return `
    import * as docker from "@pulumi/docker";
    const provider = new docker.Provider("host", ${JSON.stringify(provider)});
    const name = (part: string) => "${prefix}-" + part;
    const net = new docker.Network("net", { name: name("net"), internal: true }, { provider });
    for (const part of ["a", "b"]) {
      new docker.Container(part, {
        name: name(part), image: "${image}", command: ["/bin/sleep", "1000"],
        networkMode: net.name, networksAdvanced: [{ name: net.name }],
      }, { provider });
    }
  `;
}

const sshHost = (knownHosts: string) => ({
  host: `ssh://${sshd.user}@127.0.0.1:${sshd.port}`,
  sshOpts: [
    ...["-i", join(files, "key"), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"],
    ...["-o", "StrictHostKeyChecking=yes", "-o", `UserKnownHostsFile=${join(files, knownHosts)}`],
  ],
});

beforeAll(async () => {
  image = await importBusybox(`${prefix}-busybox:1`);
  [sshd, tls] = await Promise.all([startSshd(), startTlsDocker()]);
  files = await mkdtemp(join(tmpdir(), "garrison-hosts-"));
  await writeFile(join(files, "key"), sshd.privateKey, { mode: 0o600 });
  await writeFile(join(files, "right"), `[127.0.0.1]:${sshd.port} ${sshd.hostKey}`);
  await writeFile(join(files, "wrong"), `[127.0.0.1]:${sshd.port} ${sshd.otherHostKey}`);
});

afterAll(async () => {
  sshd.stop();
  tls.stop();
  await rm(files, { recursive: true, force: true });
  await removeByPrefix(prefix);
});

beforeEach(async () => {
  engine = await makeEngine({ program: "" });
});

afterEach(async () => {
  await engine.dispose();
});

/** Deploys by this host, deploys again without a change, and removes everything. */
async function livesBy(provider: object): Promise<void> {
  await engine.setProgram(program(provider));
  const first = await engine.pulumi(["up", "--yes", "--skip-preview"]);
  expect(first.exitCode, first.output).toBe(0);
  expect((await docker("ps", "--format", "{{.Names}}", "--filter", `name=${prefix}-`)).split("\n").sort()).toEqual([
    `${prefix}-a`,
    `${prefix}-b`,
  ]);
  const second = await engine.pulumi(["up", "--yes", "--skip-preview", "--refresh"]);
  expect(second.output).toMatch(/5 unchanged/);
  const down = await engine.pulumi(["destroy", "--yes", "--skip-preview"]);
  expect(down.exitCode, down.output).toBe(0);
  expect(await docker("ps", "-aq", "--filter", `name=${prefix}-`)).toBe("");
}

it("reaches a daemon by ssh, with the operator's own ssh and options", async () => {
  await livesBy(sshHost("right"));
});

it("makes nothing on a host whose key is not the pinned one", async () => {
  await engine.setProgram(program(sshHost("wrong")));
  const { exitCode, output } = await engine.pulumi(["up", "--yes", "--skip-preview"]);
  expect(exitCode).not.toBe(0);
  expect(output).toContain("no Docker daemon answers at ssh://");
  expect(output).toContain("Host key verification failed");
  expect(await docker("ps", "-aq", "--filter", `name=${prefix}-`)).toBe("");
});

it("reaches a daemon by TCP with a client certificate, and not without one", async () => {
  const host = `tcp://127.0.0.1:${tls.port}`;
  await livesBy({ host, certPath: tls.directory });
  await engine.setProgram(program({ host }));
  const { exitCode, output } = await engine.pulumi(["up", "--yes", "--skip-preview"]);
  expect(exitCode).not.toBe(0);
  expect(output).toContain(`no Docker daemon answers at ${host}`);
});

it("says which socket does not answer", async () => {
  await engine.setProgram(program({ host: "unix:///nowhere/docker.sock" }));
  expect((await engine.pulumi(["preview"])).exitCode).toBe(0);
  const { exitCode, output } = await engine.pulumi(["up", "--yes", "--skip-preview"]);
  expect(exitCode).not.toBe(0);
  expect(output).toContain("no Docker daemon answers at unix:///nowhere/docker.sock");
  expect(output).toContain("docker --host unix:///nowhere/docker.sock version");
});

it("refuses a host that is none, and configuration that it does not implement", async () => {
  await engine.setProgram(program({ host: "192.0.2.1", context: "far" }));
  const { exitCode, output } = await engine.pulumi(["preview"]);
  expect(exitCode).not.toBe(0);
  expect(output).toContain('docker.Provider.host is "192.0.2.1"; expected unix:///path');
  expect(output).toContain("docker.Provider.context is not implemented by the lab plugin");
});
