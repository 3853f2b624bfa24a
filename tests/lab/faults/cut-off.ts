import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { publishAddress } from "#lab/estate/network-block.ts";
import { readFacts } from "#lab/estate/facts.ts";
import { docker, importBusybox, inspect, removeByPrefix, testPrefix } from "#tests/support/docker.ts";
import type { FaultyEstate } from "#tests/support/faulty-estate.ts";
import { expectOwnFilesOnly } from "#tests/support/own-files.ts";
import { killAfterRules } from "./rules.ts";
import type { Watcher } from "./rules.ts";

const minutes = 60_000;
const ctrlC = "\u0003";

interface Container {
  readonly Id: string;
}

/** One deployment that is cut off before it comes to its end; each run goes on from what the last one left. */
export function cutOff(given: () => FaultyEstate, watcher: () => Watcher, isTried: () => boolean): void {
  const prefix = testPrefix();
  let image = "";
  let estate: FaultyEstate;

  beforeAll(async () => {
    estate = given();
    image = await importBusybox(`${prefix}-busybox:1`);
  });
  afterAll(() => removeByPrefix(prefix));

  const nameOf = async (service: string): Promise<string> => `${(await estate.idNow()) ?? ""}-${service}`;

  /** Each leaves a deployment that the next `up` has to complete. */
  function sampled(name: string, attempt: () => Promise<void>): void {
    if (isTried()) test(name, attempt, 12 * minutes);
  }

  async function remove(service: string): Promise<void> {
    await docker("rm", "-f", await nameOf(service));
  }

  test(
    "by the death of everything, when the rules are there and containers are not",
    () => killAfterRules(estate),
    12 * minutes,
  );

  sampled("by Ctrl-C on a terminal: what exists is written down, nothing more and nothing less", async () => {
    const up = estate.startOnTerminal("up");
    await estate.untilMore(3, up);
    up.stdin.write(ctrlC);
    const ended = await up;
    expect(ended.exitCode, ended.all).not.toBe(0);
    expect(ended.all).toContain("Interrupted");
    expect(ended.all).toContain("npm run up (completes it)");
    await estate.untilStarted();
    const { real, recorded, pending } = await estate.compared();
    expect(recorded).toEqual(real);
    expect(pending).toBe(0);
    // Cut off, not finished: otherwise this showed nothing.
    expect((await estate.containers()).length).toBeLessThan(20);
    await expectOwnFilesOnly(estate);
  });

  sampled("by the death of everything at once: script, engine, language host and plugins", async () => {
    for (const service of ["nginx", "valkey", "searxng", "llm-guard"]) await remove(service);
    const up = estate.start("up");
    await estate.untilMore(2, up);
    const killed = await estate.killEverything();
    await up;
    expect(killed).toContain("pulumi");
    expect(killed.filter((program) => /^(node|MainThread)$/.test(program)).length).toBeGreaterThan(3);
    await estate.untilStarted();
    const doctor = await estate.start("doctor");
    expect(doctor.exitCode).toBe(1);
    expect(doctor.all).toContain("which is gone");
  });

  sampled("by a disk that is full: the message says what and what to type", async () => {
    for (const service of ["falkordb", "graphiti", "uptime-kuma", "gmail-notify"]) await remove(service);
    const up = estate.start("up");
    await estate.untilMore(2, up);
    const makeRoom = await estate.fillDisk();
    const ended = await up;
    await makeRoom();
    expect(ended.exitCode, ended.all).toBe(1);
    expect(ended.all).toContain("no space left on device");
    expect(ended.all).toContain("make room (df -h");
    expect(ended.all).toContain("npm run up");
  });

  test(
    "by a disk that is full from the start: nothing is begun",
    async () => {
      const makeRoom = await estate.fillDisk();
      const ended = await estate.start("up");
      await makeRoom();
      expect(ended.exitCode, ended.all).toBe(1);
      expect(ended.all).toContain("no space left on device");
      expect(ended.all).toContain("make room (df -h");
      expect(ended.all).not.toContain("Deploying office");
    },
    2 * minutes,
  );

  sampled("by a name that another container has: it is named and left alone", async () => {
    await remove("uptime-kuma");
    const name = await nameOf("uptime-kuma");
    const holder = await docker("run", "-d", "--name", name, "--network", "none", image, "/bin/sleep", "100000");
    try {
      const ended = await estate.start("up");
      expect(ended.exitCode, ended.all).toBe(1);
      expect(ended.all).toContain(`the name ${name} is in use by container ${holder.slice(0, 12)}`);
      expect(ended.all).toContain("not made by an estate");
      expect(ended.all).toContain("npm run up");
      expect((await inspect<Container>(name)).Id).toBe(holder);
    } finally {
      await docker("rm", "-f", holder);
    }
  });

  sampled("by a port that a program of the host has: it says how to find the program", async () => {
    await remove("wazuh-manager");
    const server = await holdPort(estate);
    try {
      const ended = await estate.start("up");
      expect(ended.exitCode, ended.all).toBe(1);
      expect(ended.all).toContain("port 1514 of the host is in use: a process of the host listens on it");
      expect(ended.all).toContain("ss -ltnp sport = :1514");
      expect(ended.all).toContain("npm run up");
      expect((await estate.compared()).pending).toBe(0);
    } finally {
      server.close();
    }
  });

  test(
    "by the death of its engine alone, without a word",
    async () => {
      for (const service of ["nginx", "valkey", "searxng", "llm-guard", "falkordb"]) await remove(service);
      const up = estate.start("up");
      await estate.untilMore(2, up);
      await killEngine(estate.files.backend);
      const ended = await up;
      await estate.untilStarted();
      expect(ended.exitCode, ended.all).toBe(1);
      expect(ended.all).toContain("SIGKILL");
      expect(ended.all).toContain("npm run up");
    },
    12 * minutes,
  );

  test(
    "is completed by the next one, and no container ever ran without the host's rules",
    async () => {
      const ended = await estate.start("up");
      expect(ended.exitCode, ended.all).toBe(0);
      expect(ended.all).toContain("Removed the lock of an engine that is gone");
      // Containers that were waiting for their health exist, but the engine had not written them down.
      expect(ended.all).toContain("Removing what a killed run made without writing it down");
      expect(ended.all).toMatch(/\b(\d+) of \1 containers are well/);
      await expectOwnFilesOnly(estate);
      const { real, recorded, pending } = await estate.compared();
      expect(recorded).toEqual(real);
      expect(pending).toBe(0);
      const preview = await estate.start("pulumi", "preview", "--expect-no-changes");
      expect(preview.exitCode, preview.all).toBe(0);
      const { looks, open } = await watcher().stop();
      expect(looks).toBeGreaterThan(50);
      expect(open).toEqual([]);
    },
    12 * minutes,
  );
}

/** A program of the host takes the port that the Wazuh manager publishes. */
async function holdPort(estate: FaultyEstate): Promise<Server> {
  const network = (await readFacts(estate.files.facts))?.network ?? "";
  const server = createServer();
  server.listen(1514, publishAddress(network));
  await once(server, "listening");
  return server;
}

/** Kills engine, plugins and program together, as a power cut does: none is left to clean up after another. */
async function killEngine(backend: string): Promise<void> {
  const found = await engineProcesses(backend);
  const engines = found.filter(({ engine }) => engine);
  if (engines.length !== 1) throw new Error(`${String(engines.length)} engines run for this estate`);
  for (const { pid } of found) process.kill(pid, "SIGSTOP");
  for (const { pid } of found) process.kill(pid, "SIGKILL");
}

/** Every process whose environment names this estate's backend. */
async function engineProcesses(backend: string): Promise<{ pid: number; engine: boolean }[]> {
  const found: { pid: number; engine: boolean }[] = [];
  for (const entry of await readdir("/proc")) {
    const environment = await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "");
    if (!environment.includes(`PULUMI_BACKEND_URL=file://${backend}`)) continue;
    const [program = ""] = (await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "")).split("\0");
    found.push({ pid: Number(entry), engine: program.startsWith(cacheDirectory()) && program.endsWith("/bin/pulumi") });
  }
  return found;
}
