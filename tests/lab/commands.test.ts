import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { checkout } from "#helpers/files/directories.ts";
import { estateFiles } from "#lab/estate/paths.ts";
import { estateCgroups } from "#scripts/engine/cgroups.ts";
import { office } from "#stacks/office.ts";

// The whole machine with real health checks, on a host that other work may slow down.
const minutes = 60_000;
const name = "commands-test";
const docker = new Docker();

const statusSchema = z.object({
  estate: z.object({ id: z.string(), network: z.string() }),
  well: z.boolean(),
  scale: z.number().optional(),
  changes: z.string().optional(),
  services: z.array(
    z.object({
      service: z.string(),
      health: z.string(),
      program: z.string(),
      memoryUsedMiB: z.number().optional(),
      memoryLimitMiB: z.number().optional(),
      address: z.string().optional(),
    }),
  ),
});

/** State of its own, beside a person's estates; the cache with engine and images is shared. */
let state = "";
let before: unknown;

function environment(): Record<string, string> {
  return { XDG_STATE_HOME: state, GARRISON_ESTATE: name };
}

function garrison(...args: string[]) {
  return execa(process.execPath, [join(checkout, "scripts/cli.ts"), ...args], {
    cwd: checkout,
    env: environment(),
    reject: false,
    all: true,
    stdin: "ignore",
  });
}

async function up() {
  const run = await garrison("up", "--json");
  expect(run.exitCode, run.all).toBe(0);
  return { ...statusSchema.parse(JSON.parse(run.stdout)), notes: run.stderr };
}

const files = () => estateFiles(name, "office", join(state, "garrison"));
const estateId = async (): Promise<string> =>
  z.object({ id: z.string() }).parse(JSON.parse(await readFile(files().facts, "utf8"))).id;
const container = async (service: string) => docker.getContainer(`${await estateId()}-${service}`);

async function labelled(): Promise<{ containers: number; networks: number; volumes: number }> {
  const filters = { label: [`garrison.estate=${await estateId()}`] };
  return {
    containers: (await docker.listContainers({ all: true, filters })).length,
    networks: (await docker.listNetworks({ filters })).length,
    volumes: (await docker.listVolumes({ filters })).Volumes.length,
  };
}

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), "garrison-commands-"));
  before = await checkoutNow();
});

afterAll(async () => {
  if (existsSync(files().facts)) {
    const run = await garrison("down", "--volumes");
    expect(run.exitCode, run.all).toBe(0);
  }
  await rm(state, { recursive: true, force: true });
}, 12 * minutes);

describe("the commands, on an estate of their own", () => {
  test("status and doctor before the first up say what to type", async () => {
    const status = await garrison("status");
    expect(status.exitCode).toBe(1);
    expect(status.stderr).toContain("Nothing is deployed");
    expect(status.stderr).toContain("npm run up");
    expect((await garrison("down")).exitCode).toBe(0);
  });

  test(
    "up brings every container to health, inside their own estate and outside the checkout",
    async () => {
      const result = await up();
      expect(result.well).toBe(true);
      expect(result.services.map(({ service }) => service)).toEqual(office.services.map((service) => service.name));
      for (const { health, memoryLimitMiB } of result.services) {
        expect(health).toBe("healthy");
        expect(memoryLimitMiB).toBeGreaterThan(0);
      }
      expect((await labelled()).containers).toBe(office.services.length);
      expect((await stat(files().passphrase)).mode & 0o777).toBe(0o600);
      expect(await checkoutNow()).toEqual(before);
    },
    12 * minutes,
  );

  test("an address of the table answers from this host", async () => {
    const status = statusSchema.parse(JSON.parse((await garrison("status", "--json")).stdout));
    const front = status.services.find(({ service }) => service === "nginx")?.address ?? "";
    const answer = await fetch(`${front}/healthz`);
    expect(answer.status).toBe(200);
  });

  test(
    "a second up changes nothing and replaces no container",
    async () => {
      const ids = async () => (await docker.listContainers({ all: true })).map(({ Id: id }) => id).sort();
      const before = new Set(await ids());
      const result = await up();
      expect(result.changes).toBe("nothing changed");
      const own = await docker.listContainers({ filters: { label: [`garrison.estate=${await estateId()}`] } });
      for (const { Id: id } of own) expect(before).toContain(id);
    },
    12 * minutes,
  );

  test(
    "what was changed by hand is shown by status and repaired by up",
    async () => {
      await (await container("valkey")).stop();
      await (await container("searxng")).remove({ force: true });
      await (await container("nginx")).update({ Memory: 1024 ** 3, MemorySwap: 1024 ** 3 });
      const broken = await garrison("status", "--json");
      expect(broken.exitCode).toBe(1);
      const seen = statusSchema.parse(JSON.parse(broken.stdout)).services;
      expect(seen.find(({ service }) => service === "valkey")?.health).toBe("stopped");
      expect(seen.find(({ service }) => service === "searxng")?.health).toBe("missing");
      expect((await garrison("doctor")).exitCode).toBe(1);

      const result = await up();
      expect(result.well).toBe(true);
      expect(result.changes).not.toBe("nothing changed");
      const nginx = result.services.find(({ service }) => service === "nginx");
      expect(nginx?.memoryLimitMiB).toBeLessThan(1024);
      expect((await garrison("doctor")).exitCode).toBe(0);
    },
    12 * minutes,
  );

  test("the pass-through is the same command line: exit code, state and settings, and the checkout stays clean", async () => {
    expect((await garrison("pulumi", "config", "set", "--secret", "garrison:probe", "hidden")).exitCode).toBe(0);
    expect(await readFile(files().settings, "utf8")).toMatch(/garrison:probe:\s+secure:/);
    expect((await garrison("pulumi", "config", "rm", "garrison:probe")).exitCode).toBe(0);
    const output = await garrison("pulumi", "stack", "output", "estate");
    expect(output.stdout.trim()).toBe(await estateId());
    expect((await garrison("pulumi", "no-such-command")).exitCode).not.toBe(0);
    expect(await checkoutNow()).toEqual(before);
  });

  test("two at once: the second says who is at work and leaves", async () => {
    const first = garrison("up", "--json");
    const lock = join(files().directory, "run.lock");
    while (!existsSync(lock)) await sleep(20);
    const second = await garrison("up");
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain("Another command is changing this estate");
    expect((await first).exitCode).toBe(0);
  });

  test(
    "down removes what up made and keeps data volumes and identity",
    async () => {
      const id = await estateId();
      const volumes = (await labelled()).volumes;
      const run = await garrison("down");
      expect(run.exitCode, run.all).toBe(0);
      expect(await labelled()).toEqual({ containers: 0, networks: 0, volumes });
      expect(volumes).toBeGreaterThan(0);
      expect(await estateCgroups(id)).toEqual([]);
      expect(await estateId()).toBe(id);
    },
    12 * minutes,
  );

  test(
    "with --volumes it leaves nothing",
    async () => {
      const id = await estateId();
      const run = await garrison("down", "--volumes");
      expect(run.exitCode, run.all).toBe(0);
      const filters = { label: [`garrison.estate=${id}`] };
      expect((await docker.listVolumes({ filters })).Volumes).toEqual([]);
      expect(existsSync(files().directory)).toBe(false);
    },
    12 * minutes,
  );
});

/** What Pulumi would write into a checkout: the settings files, and anything new beside them or the program. */
async function checkoutNow(): Promise<unknown> {
  const names = await readdir(checkout);
  const settings = names.filter((entry) => /^Pulumi\..*yaml$/.test(entry));
  const texts = await Promise.all(settings.map((entry) => readFile(join(checkout, entry), "utf8")));
  return {
    names,
    texts,
    stacks: await readdir(join(checkout, "stacks")),
    policies: await readdir(join(checkout, "policies")),
  };
}
