import { createServer } from "node:net";
import type { Server } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publishAddress } from "#lab/estate/network-block.ts";
import { readFacts } from "#lab/estate/facts.ts";
import { docker, importBusybox, inspect, removeByPrefix, testPrefix } from "../support/docker.ts";
import { FaultyEstate } from "../support/faulty-estate.ts";

// One deployment that is cut off in every way before it comes to its end; each run goes on from what the last one left.
const minutes = 60_000;
const prefix = testPrefix();
const ctrlC = "\u0003";

let estate: FaultyEstate;
let image = "";

beforeAll(async () => {
  estate = await FaultyEstate.make("faults-test");
  image = await importBusybox(`${prefix}-busybox:1`);
}, 2 * minutes);

afterAll(async () => {
  try {
    await estate.end();
  } finally {
    await removeByPrefix(prefix);
  }
}, 12 * minutes);

interface Container {
  readonly Id: string;
  readonly State: { readonly StartedAt: string; readonly Pid: number };
}

const nameOf = async (service: string): Promise<string> => `${(await estate.id()) ?? ""}-${service}`;

describe("an up that is cut off", () => {
  test(
    "by Ctrl-C on a terminal: what exists is written down, nothing more and nothing less",
    async () => {
      const up = estate.startOnTerminal("up");
      await estate.untilMore(3, up);
      up.stdin.write(ctrlC);
      const ended = await up;
      expect(ended.exitCode, ended.all).not.toBe(0);
      expect(ended.all).toContain("Interrupted");
      expect(ended.all).toContain("npm run up (completes it)");
      const { real, recorded, pending } = await estate.compared();
      expect(recorded).toEqual(real);
      expect(pending).toBe(0);
      // Cut off, not finished: otherwise this showed nothing.
      expect((await estate.containers()).length).toBeLessThan(20);
    },
    12 * minutes,
  );

  test(
    "by the death of everything at once: script, engine, language host and plugins",
    async () => {
      for (const service of ["nginx", "valkey", "searxng", "llm-guard"]) await remove(service);
      const up = estate.start("up");
      await estate.untilMore(2, up);
      const killed = await estate.killEverything();
      await up;
      expect(killed).toContain("pulumi");
      expect(killed.filter((program) => /^(node|MainThread)$/.test(program)).length).toBeGreaterThan(3);
      const doctor = await estate.run("doctor");
      expect(doctor.exitCode).toBe(1);
      expect(doctor.output).toContain("which is gone");
    },
    12 * minutes,
  );

  test(
    "by a disk that is full: the message says what and what to type",
    async () => {
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
    },
    12 * minutes,
  );

  test(
    "by a disk that is full from the start: nothing is begun",
    async () => {
      const makeRoom = await estate.fillDisk();
      const ended = await estate.run("up");
      await makeRoom();
      expect(ended.exitCode, ended.output).toBe(1);
      expect(ended.output).toContain("no space left on device");
      expect(ended.output).toContain("make room (df -h");
      expect(ended.output).not.toContain("Deploying office");
    },
    2 * minutes,
  );

  test(
    "by a name that another container has: it is named and left alone",
    async () => {
      await remove("uptime-kuma");
      const name = await nameOf("uptime-kuma");
      const holder = await docker("run", "-d", "--name", name, "--network", "none", image, "/bin/sleep", "100000");
      try {
        const ended = await estate.run("up");
        expect(ended.exitCode, ended.output).toBe(1);
        expect(ended.output).toContain(`the name ${name} is in use by container ${holder.slice(0, 12)}`);
        expect(ended.output).toContain("not made by an estate");
        expect(ended.output).toContain("npm run up");
        expect((await inspect<Container>(name)).Id).toBe(holder);
      } finally {
        await docker("rm", "-f", holder);
      }
    },
    12 * minutes,
  );

  test(
    "by a port that a program of the host has: it says how to find the program",
    async () => {
      const server = await holdPort();
      try {
        const ended = await estate.run("up");
        expect(ended.exitCode, ended.output).toBe(1);
        expect(ended.output).toContain("port 1514 of the host is in use: a process of the host listens on it");
        expect(ended.output).toContain("ss -ltnp sport = :1514");
        expect(ended.output).toContain("npm run up");
        expect((await estate.compared()).pending).toBe(0);
      } finally {
        server.close();
      }
    },
    12 * minutes,
  );

  test(
    "is completed by the next one",
    async () => {
      const ended = await estate.run("up");
      expect(ended.exitCode, ended.output).toBe(0);
      expect(ended.output).toMatch(/\b(\d+) of \1 containers are well/);
      const { real, recorded, pending } = await estate.compared();
      expect(recorded).toEqual(real);
      expect(pending).toBe(0);
      const preview = await estate.run("pulumi", "preview", "--expect-no-changes");
      expect(preview.exitCode, preview.output).toBe(0);
    },
    12 * minutes,
  );
});

async function remove(service: string): Promise<void> {
  await docker("rm", "-f", await nameOf(service));
}

/** A program of the host takes the port that the Wazuh manager publishes. */
async function holdPort(): Promise<Server> {
  await remove("wazuh-manager");
  const network = (await readFacts(estate.files.facts))?.network ?? "";
  const server = createServer();
  server.listen(1514, publishAddress(network));
  await once(server, "listening");
  return server;
}
