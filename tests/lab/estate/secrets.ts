import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { spellingsOf } from "#tests/support/canary.ts";
import { docker, inspect, removeByPrefix, testPrefix } from "#tests/support/docker.ts";
import { findsIn, processes, secretsOf } from "#tests/support/hiding-places.ts";
import type { LabEstate } from "#tests/support/lab-estate.ts";
import { expectOwnFilesOnly } from "#tests/support/own-files.ts";
import { hidingPlaces, plant } from "#tests/support/planted-secret.ts";

const minutes = 60_000;
const prefix = testPrefix();
const began = Date.now();

let estate: LabEstate;

interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  readonly Image: string;
  readonly State: { readonly Running: boolean; readonly Health?: { readonly Status: string } };
}

const root = () => `/run/garrison/${estate.id}`;
const lookAt = (service: string) => inspect<Container>(`${estate.id}-${service}`);

async function containers(): Promise<Record<string, Container>> {
  const found = await Promise.all((await estate.containers()).map((one) => inspect<Container>(one)));
  return Object.fromEntries(found.map((one) => [one.Name.slice(estate.id.length + 2), one]));
}

/** What the real Valkey answers to somebody who comes with this password; it is typed, and in nobody's arguments. */
async function valkey(password: string, command: string): Promise<string> {
  const input = `AUTH searxng ${password}\n${command}\n`;
  const { stdout } = await execa("docker", ["exec", "-i", `${estate.id}-valkey`, "valkey-cli"], {
    input,
    reject: false,
  });
  return stdout.trim().replace(/^OK\s+/, "");
}

const search = () => readFile(join(root(), "searxng/etc-searxng/settings.yml"), "utf8");

/** The password with which the search comes. */
async function currentPassword(): Promise<string> {
  return /searxng:([A-Za-z0-9]+)@valkey/.exec(await search())?.[1] ?? "";
}

/** Where they are, what they open, how they outlive restarts and rotations, and how they end. */
export function secrets(given: () => LabEstate): void {
  /** Every minted value, by the name of its resource. */
  let minted: Readonly<Record<string, string>> = {};

  beforeAll(() => {
    estate = given();
  });
  afterAll(() => removeByPrefix(prefix));

  test("are files in memory that their service alone can read", async () => {
    await expectOwnFilesOnly(estate);
    const mounts = await readFile("/proc/self/mounts", "utf8");
    expect(mounts).toMatch(new RegExp(`^tmpfs ${root()} tmpfs rw,nosuid,nodev,noexec,`, "m"));
    const acl = await stat(join(root(), "valkey/etc-valkey/users.acl"));
    expect([acl.uid, acl.gid, acl.mode & 0o777]).toEqual([20_012, 20_012, 0o400]);
    const read = (uid: number, file: string) =>
      execa("setpriv", ["--reuid", String(uid), "--regid", String(uid), "--clear-groups", "cat", join(root(), file)], {
        reject: false,
      });
    expect((await read(20_012, "valkey/etc-valkey/users.acl")).exitCode).toBe(0);
    expect((await read(977, "valkey/etc-valkey/users.acl")).stderr).toContain("Permission denied");
    expect((await read(20_012, "searxng/etc-searxng/settings.yml")).stderr).toContain("Permission denied");
  });

  test("open what they are for, and nothing opens without", async () => {
    expect(await valkey(await currentPassword(), "ping")).toBe("PONG");
    expect(await valkey("wrong", "ping")).toContain("WRONGPASS");
    expect(await docker("exec", `${estate.id}-valkey`, "valkey-cli", "get", "SearXNG_row").catch(String)).toContain(
      "NOPERM",
    );
    expect(await valkey(await currentPassword(), "set SearXNG_row written-before")).toBe("OK");
  });

  test(
    "are nowhere else, in no spelling",
    async () => {
      minted = secretsOf((await estate.start("pulumi", "stack", "export", "--show-secrets")).stdout);
      expect(Object.keys(minted).length).toBeGreaterThan(1);
      expect(await search()).toContain(minted[`office-secret-searxng-key-b`]);
      const values = Object.values(minted);
      const all = await containers();

      const images = [all.valkey?.Image ?? "", all.searxng?.Image ?? ""];
      const places = () => hidingPlaces(estate, { prefix, images, since: began });
      const plants = await plant(values[0] ?? "", estate, prefix);
      let planted: Record<string, readonly string[]>;
      try {
        planted = await places();
      } finally {
        await plants.remove();
      }
      for (const place of plants.places) {
        const missed = spellingsOf(values[0] ?? "").filter(
          ({ text }) => planted[place]?.some((found) => found.includes(text)) !== true,
        );
        expect(
          missed.map(({ name }) => name),
          `planted in ${place}`,
        ).toEqual([]);
      }
      for (const [place, texts] of Object.entries(await places())) expect(findsIn(texts, minted), place).toEqual([]);
    },
    10 * minutes,
  );

  test(
    "outlive a restart of their containers",
    async () => {
      await docker("restart", `${estate.id}-valkey`, `${estate.id}-searxng`);
      await healthy("valkey", "searxng");
      expect(await valkey(await currentPassword(), "ping")).toBe("PONG");
    },
    5 * minutes,
  );

  test(
    "come back after a reboot, which empties the memory",
    async () => {
      const before = await search();
      await docker("stop", ...(await estate.containers()));
      await execa("umount", [root()]);
      await rm(root(), { recursive: true });
      // Docker does not make up for them: a container without its files does not start.
      expect(await docker("start", `${estate.id}-valkey`).catch(String)).toContain("bind source path does not exist");
      expect((await estate.up()).all).toContain("delivering them again");
      expect(await search()).toBe(before);
      expect(await valkey(await currentPassword(), "ping")).toBe("PONG");
    },
    10 * minutes,
  );

  test(
    "rotate without a gap: the readers of one change, the server first, and both values open it in between",
    async () => {
      const old = await currentPassword();
      const before = await containers();
      await rotate(2);
      const seen = new Set<string>();
      const run = estate.start("up");
      const progress = { ended: false };
      void run.finally(() => (progress.ended = true));
      const answers: string[] = [];
      while (!progress.ended) {
        for (const line of await processes()) seen.add(line);
        const now = await lookAt("valkey").catch(() => undefined);
        const changed = now !== undefined && now.Id !== before.valkey?.Id && now.State.Health?.Status === "healthy";
        const searching = await lookAt("searxng").catch(() => undefined);
        if (changed && searching?.Id === before.searxng?.Id) answers.push(await valkey(old, "ping"));
        await sleep(50);
      }
      const { exitCode, all } = await run;
      expect(exitCode, all).toBe(0);
      // The search still came with the old password when the server knew the new one already.
      expect(answers.length).toBeGreaterThan(0);
      expect(new Set(answers)).toEqual(new Set(["PONG"]));

      const now = await currentPassword();
      expect(now).not.toBe(old);
      expect(await valkey(now, "ping")).toBe("PONG");
      expect(await valkey(old, "ping")).toBe("PONG");
      const after = await containers();
      const changed = Object.keys(after).filter((name) => after[name]?.Id !== before[name]?.Id);
      expect(changed.sort()).toEqual(["searxng", "valkey"]);
      expect((after.valkey?.Created ?? "") < (after.searxng?.Created ?? "")).toBe(true);

      // While all that happened no process was told a secret, and the host's command was among those that were seen.
      expect([...seen].some((line) => line.includes("sh -s apply"))).toBe(true);
      expect(findsIn([...seen], { ...minted, old, now })).toEqual([]);
      // The run after it has the settings remade, and the rotation stays.
      expect((await estate.up()).all).toContain("nothing to change");
    },
    10 * minutes,
  );

  test(
    "of two rotations ago opens nothing",
    async () => {
      const middle = await currentPassword();
      await rotate(3);
      await estate.up();
      expect(await valkey(minted["office-secret-valkey-search-b"] ?? "", "ping")).toContain("WRONGPASS");
      expect(await valkey(middle, "ping")).toBe("PONG");
      expect(await valkey(await currentPassword(), "ping")).toBe("PONG");
    },
    10 * minutes,
  );

  test(
    "stay with the data when the machine is taken down, twice, and open it again",
    async () => {
      const before = await search();
      const held = root();
      for (const round of [1, 2]) {
        const down = await estate.start("down");
        expect(down.exitCode, `${String(round)}: ${down.all}`).toBe(0);
        expect(down.all).toContain("the secrets with which the data was begun");
      }
      await expect(stat(held)).rejects.toThrow("ENOENT");
      expect(await estate.containers()).toEqual([]);
      await estate.up();
      expect(await search()).toBe(before);
      expect(await valkey(await currentPassword(), "get SearXNG_row")).toBe("written-before");
    },
    15 * minutes,
  );
}

async function rotate(generation: number): Promise<void> {
  const path = "garrison:secrets.valkey-search.generation";
  const set = await estate.start("pulumi", "config", "set", "--path", path, String(generation));
  expect(set.exitCode, set.all).toBe(0);
}

async function healthy(...services: string[]): Promise<void> {
  const deadline = Date.now() + 2 * minutes;
  for (const service of services) {
    while ((await lookAt(service)).State.Health?.Status !== "healthy") {
      if (Date.now() > deadline) throw new Error(`${service} does not become healthy`);
      await sleep(500);
    }
  }
}
