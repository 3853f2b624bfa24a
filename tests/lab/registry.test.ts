import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureLabImages } from "#lab/images/ensure.ts";
import { ensureRegistry, stopRegistry } from "#lab/images/registry.ts";
import { lookUpDigest } from "#scripts/images/registry-client.ts";
import { isAlive } from "#helpers/processes/process-identity.ts";
import type { ProcessIdentity } from "#helpers/processes/process-identity.ts";
import { office } from "#stacks/office.ts";

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-registry-"));
});

afterEach(async () => {
  await stopRegistry({ directory });
  await rm(directory, { recursive: true, force: true });
});

async function processOf(): Promise<ProcessIdentity> {
  const record = JSON.parse(await readFile(join(directory, "registry.json"), "utf8")) as { process: ProcessIdentity };
  return record.process;
}

async function waitForEnd(identity: ProcessIdentity): Promise<void> {
  while (isAlive(identity)) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("is found again and not started twice", async () => {
  const first = await ensureRegistry({ directory });
  const identity = await processOf();
  const said: string[] = [];
  const second = await ensureRegistry({ directory, say: (message) => said.push(message) });
  expect(second.address).toBe(first.address);
  expect(await processOf()).toEqual(identity);
  expect(said).toEqual([]);
});

test("is started again on the same port when it died", async () => {
  const first = await ensureRegistry({ directory });
  const identity = await processOf();
  process.kill(identity.pid, "SIGKILL");
  await waitForEnd(identity);
  const second = await ensureRegistry({ directory });
  expect(second.address).toBe(first.address);
  expect((await fetch(`http://${second.address}/v2/`)).status).toBe(200);
});

test("takes another port when somebody else has its own, and says so", async () => {
  const first = await ensureRegistry({ directory });
  await stopRegistry({ directory });
  const intruder = await listen(Number(first.address.split(":")[1]));
  try {
    const said: string[] = [];
    const second = await ensureRegistry({ directory, say: (message) => said.push(message) });
    expect(second.address).not.toBe(first.address);
    expect(said[0]).toContain("in use by another program");
  } finally {
    await new Promise((resolve) => intruder.close(resolve));
  }
});

test("listens on loopback only", async () => {
  const { address } = await ensureRegistry({ directory });
  const port = Number(address.split(":")[1]).toString(16).toUpperCase().padStart(4, "0");
  const sockets = (await Promise.all(["tcp", "tcp6"].map((kind) => readFile(`/proc/net/${kind}`, "utf8")))).join("\n");
  const listening = sockets
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === "0A");
  const own = listening.map(([, local = ""]) => local).filter((local) => local.endsWith(`:${port}`));
  // The kernel prints an IPv4 address as one number, lowest byte first.
  expect(own).toEqual([`0100007F:${port}`]);
});

test("stops with nothing left running, and stopping again is no error", async () => {
  const { address } = await ensureRegistry({ directory });
  const identity = await processOf();
  await stopRegistry({ directory });
  expect(isAlive(identity)).toBe(false);
  await expect(fetch(`http://${address}/v2/`)).rejects.toThrow("fetch failed");
  await stopRegistry({ directory });
});

test("tells the image look-up the digest that Docker was told", async () => {
  const { images } = await ensureLabImages({
    services: office.services,
    keys: ["llm-guard"],
    lockFile: join(directory, "lock.json"),
    registry: directory,
    cache: join(directory, "images"),
  });
  const { repository = "", tag = "", digest } = images["llm-guard"] ?? {};
  expect(await lookUpDigest({ repository, tag })).toBe(digest);
  await expect(lookUpDigest({ repository, tag: "no-such-tag" })).rejects.toThrow("has no tag no-such-tag");
  await new Docker().getImage(`${repository}:${tag}`).remove();
});

function listen(port: number): Promise<Server> {
  const server = createServer((_request, response) => response.end("not a registry"));
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      resolve(server);
    });
  });
}
