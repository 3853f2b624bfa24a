import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { checkout } from "#helpers/files/directories.ts";
import { office } from "#stacks/office.ts";
import type { LabEstate } from "#tests/support/lab-estate.ts";

const minutes = 60_000;

const statusSchema = z.object({
  well: z.boolean(),
  changes: z.string().optional(),
  services: z.array(
    z.object({
      service: z.string(),
      health: z.string(),
      memoryLimitMiB: z.number().optional(),
      address: z.string().optional(),
    }),
  ),
});

/** What `up --json` or `status --json` says on its standard output. */
export function statusOf(stdout: string): z.infer<typeof statusSchema> {
  return statusSchema.parse(JSON.parse(stdout));
}

/** The command line, from before the first `up` on. */
export function commands(given: () => LabEstate): void {
  let estate: LabEstate;
  let before: unknown;

  beforeAll(async () => {
    estate = given();
    before = await checkoutNow();
  });

  async function up(): Promise<z.infer<typeof statusSchema>> {
    const ran = await estate.start("up", "--json");
    expect(ran.exitCode, ran.all).toBe(0);
    await estate.idNow();
    return statusOf(ran.stdout);
  }

  test("status and doctor before the first up say what to type", async () => {
    const status = await estate.start("status");
    expect(status.exitCode).toBe(1);
    expect(status.stderr).toContain("Nothing is deployed");
    expect(status.stderr).toContain("npm run up");
    expect((await estate.start("down")).exitCode).toBe(0);
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
      expect(await estate.containers()).toHaveLength(office.services.length);
      expect((await stat(estate.files.passphrase)).mode & 0o777).toBe(0o600);
      expect(await checkoutNow()).toEqual(before);
    },
    15 * minutes,
  );

  test("an address of the table answers from this host", async () => {
    const { services } = statusOf((await estate.start("status", "--json")).stdout);
    const front = services.find(({ service }) => service === "nginx")?.address ?? "";
    expect((await fetch(`${front}/healthz`)).status).toBe(200);
  });

  test(
    "a second up changes nothing and replaces no container; a third at the same time says who is at work, and leaves",
    async () => {
      const containers = await estate.containers();
      const second = up();
      const lock = join(estate.files.directory, "run.lock");
      while (!existsSync(lock)) await sleep(20);
      const third = await estate.start("up");
      expect(third.exitCode).toBe(1);
      expect(third.stderr).toContain("Another command is changing this estate");
      expect((await second).changes).toBe("nothing changed");
      expect(await estate.containers()).toEqual(containers);
    },
    12 * minutes,
  );

  test("the pass-through is the same command line: exit code, state and settings, and the checkout stays clean", async () => {
    const pulumi = (...args: string[]) => estate.start("pulumi", ...args);
    expect((await pulumi("config", "set", "--secret", "garrison:probe", "hidden")).exitCode).toBe(0);
    expect(await readFile(estate.files.settings, "utf8")).toMatch(/garrison:probe:\s+secure:/);
    expect((await pulumi("config", "rm", "garrison:probe")).exitCode).toBe(0);
    expect((await pulumi("stack", "output", "estate")).stdout.trim()).toBe(estate.id);
    expect((await pulumi("no-such-command")).exitCode).not.toBe(0);
    expect(await checkoutNow()).toEqual(before);
  });
}

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
