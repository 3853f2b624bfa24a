import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";
import { office } from "#stacks/office.ts";
import { spellingsOf } from "../support/canary.ts";
import { docker, importBusybox, inspect, removeByPrefix, testPrefix } from "../support/docker.ts";
import { FaultyEstate } from "../support/faulty-estate.ts";
import { findsIn, imageTexts, processes, secretsOf, textsBelow } from "../support/hiding-places.ts";

// One estate from its first, killed deployment to its end: each test goes on from what the last one left.
const minutes = 60_000;
const prefix = testPrefix();

const began = Date.now();
const logs = join(homedir(), ".cache/garrison/logs");

let estate: FaultyEstate;
let id = "";
/** Every minted value, by the name of its resource. */
let secrets: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  estate = await FaultyEstate.make("secrets-test");
}, minutes);

afterAll(async () => {
  try {
    await estate.end();
  } finally {
    await removeByPrefix(prefix);
  }
}, 12 * minutes);

interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  readonly Image: string;
  readonly Mounts: readonly { readonly Type: string; readonly Source: string; readonly RW: boolean }[];
  readonly State: { readonly Running: boolean; readonly Health?: { readonly Status: string } };
}

const root = () => `/run/garrison/${id}`;
const lookAt = (service: string) => inspect<Container>(`${id}-${service}`);

async function containers(): Promise<Record<string, Container>> {
  const found = await Promise.all((await estate.containers()).map((one) => inspect<Container>(one)));
  return Object.fromEntries(found.map((one) => [one.Name.slice(id.length + 2), one]));
}

async function up(): Promise<string> {
  const ended = await estate.run("up");
  expect(ended.exitCode, ended.output).toBe(0);
  expect(ended.output).toMatch(/\b(\d+) of \1 containers are well/);
  return ended.output;
}

/** What the real Valkey answers to somebody who comes with this password; it is typed, and in nobody's arguments. */
async function valkey(password: string, command: string): Promise<string> {
  const input = `AUTH searxng ${password}\n${command}\n`;
  const { stdout } = await execa("docker", ["exec", "-i", `${id}-valkey`, "valkey-cli"], { input, reject: false });
  return stdout.trim().replace(/^OK\s+/, "");
}

const search = () => readFile(join(root(), "searxng/etc-searxng/settings.yml"), "utf8");

/** The password with which the search comes. */
async function currentPassword(): Promise<string> {
  return /searxng:([A-Za-z0-9]+)@valkey/.exec(await search())?.[1] ?? "";
}

function expectOwnFilesOnly(all: Readonly<Record<string, Container>>): void {
  for (const [service, { Mounts }] of Object.entries(all)) {
    const files = Mounts.filter(({ Source }) => Source.startsWith("/run/"));
    for (const { Source, RW } of files.filter((mount) => !mount.Source.endsWith("docker.sock"))) {
      expect(Source, service).toMatch(new RegExp(`^${root()}/${service}/`));
      expect(RW, service).toBe(false);
    }
  }
}

describe("the secrets of an estate", () => {
  test(
    "are never another's, when up is killed between host and containers; the next up completes",
    async () => {
      const run = estate.start("up");
      const deadline = Date.now() + 8 * minutes;
      for (;;) {
        id = (await estate.id()) ?? "";
        if (id !== "" && (await stat(join(root(), "valkey")).catch(() => undefined)) !== undefined) break;
        if (Date.now() > deadline) throw new Error("no files after eight minutes");
        await sleep(50);
      }
      expect(await estate.killEverything()).toContain("pulumi");
      await run;
      const left = await containers();
      // Cut off, not finished: otherwise this showed nothing.
      expect(Object.keys(left).length).toBeLessThan(office.services.length);
      expectOwnFilesOnly(left);
      await up();
      const all = await containers();
      expect(Object.keys(all)).toHaveLength(office.services.length);
      expectOwnFilesOnly(all);
      expect(all.valkey?.Mounts.map(({ Source }) => Source)).toContain(`${root()}/valkey/etc-valkey`);
    },
    20 * minutes,
  );

  test("are files in memory that their service alone can read", async () => {
    const mounts = await readFile("/proc/self/mounts", "utf8");
    expect(mounts).toMatch(new RegExp(`^tmpfs ${root()} tmpfs rw,nosuid,nodev,noexec,`, "m"));
    const acl = await stat(join(root(), "valkey/etc-valkey/users.acl"));
    expect([acl.uid, acl.gid, acl.mode & 0o777]).toEqual([20_012, 20_012, 0o400]);
    const read = (uid: number, file: string) =>
      execa("setpriv", ["--reuid", String(uid), "--clear-groups", "cat", join(root(), file)], { reject: false });
    expect((await read(20_012, "valkey/etc-valkey/users.acl")).exitCode).toBe(0);
    expect((await read(977, "valkey/etc-valkey/users.acl")).stderr).toContain("Permission denied");
    expect((await read(20_012, "searxng/etc-searxng/settings.yml")).stderr).toContain("Permission denied");
  });

  test("open what they are for, and nothing opens without", async () => {
    expect(await valkey(await currentPassword(), "ping")).toBe("PONG");
    expect(await valkey("wrong", "ping")).toContain("WRONGPASS");
    expect(await docker("exec", `${id}-valkey`, "valkey-cli", "get", "SearXNG_row").catch(String)).toContain("NOPERM");
    expect(await valkey(await currentPassword(), "set SearXNG_row written-before")).toBe("OK");
  });

  test(
    "are nowhere else, in no spelling",
    async () => {
      secrets = secretsOf((await estate.start("pulumi", "stack", "export", "--show-secrets")).stdout);
      expect(Object.keys(secrets).length).toBeGreaterThan(1);
      expect(await search()).toContain(secrets[`office-secret-searxng-key-b`]);
      const values = Object.values(secrets);
      const all = await containers();

      const lines = async (...args: string[]) => (await docker(...args)).split("\n").filter((line) => line !== "");
      const places = async (): Promise<Record<string, readonly string[]>> => {
        const own = [...(await estate.containers()), ...(await lines("ps", "-aq", "--filter", `name=^/${prefix}`))];
        const images = [all.valkey?.Image ?? "", all.searxng?.Image ?? ""];
        return {
          "the estate's directory": await textsBelow(estate.files.directory, 0),
          "the cache's logs": await textsBelow(logs, 0),
          "the checkout": await textsBelow(checkout, began, ["node_modules", ".git"]),
          "/tmp": await textsBelow("/tmp", began),
          "/var/tmp": await textsBelow("/var/tmp", began),
          "docker inspect": [await docker("inspect", ...own)],
          "docker logs": await Promise.all(own.map((container) => docker("logs", container))),
          images: await imageTexts([...images, ...(await lines("images", "-q", `${prefix}-planted`))]),
          processes: await processes(),
        };
      };
      const plants = await plant(values[0] ?? "");
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
      for (const [place, texts] of Object.entries(await places())) expect(findsIn(texts, secrets), place).toEqual([]);
    },
    10 * minutes,
  );

  test(
    "outlive a restart of their containers",
    async () => {
      await docker("restart", `${id}-valkey`, `${id}-searxng`);
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
      expect(await docker("start", `${id}-valkey`).catch(String)).toContain("bind source path does not exist");
      expect(await up()).toContain("delivering them again");
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
      expect(findsIn([...seen], { ...secrets, old, now })).toEqual([]);
      // The run after it has the settings remade, and the rotation stays.
      expect(await up()).toContain("nothing to change");
    },
    10 * minutes,
  );

  test(
    "of two rotations ago opens nothing",
    async () => {
      const middle = await currentPassword();
      await rotate(3);
      await up();
      expect(await valkey(secrets["office-secret-valkey-search-b"] ?? "", "ping")).toContain("WRONGPASS");
      expect(await valkey(middle, "ping")).toBe("PONG");
      expect(await valkey(await currentPassword(), "ping")).toBe("PONG");
    },
    10 * minutes,
  );

  test(
    "stay with the data when the machine is taken down, twice, and open it again",
    async () => {
      const before = await search();
      for (const round of [1, 2]) {
        const down = await estate.run("down");
        expect(down.exitCode, `${String(round)}: ${down.output}`).toBe(0);
        expect(down.output).toContain("the secrets with which the data was begun");
      }
      await expect(stat(root())).rejects.toThrow("ENOENT");
      expect(await estate.containers()).toEqual([]);
      await up();
      expect(await search()).toBe(before);
      expect(await valkey(await currentPassword(), "get SearXNG_row")).toBe("written-before");
    },
    15 * minutes,
  );

  test(
    "go with the data, also when the machine was taken down before",
    async () => {
      expect((await estate.run("down")).exitCode).toBe(0);
      const down = await estate.run("down", "--volumes");
      expect(down.exitCode, down.output).toBe(0);
      await expect(stat(estate.files.directory)).rejects.toThrow("ENOENT");
      expect(await docker("volume", "ls", "-q", "--filter", `label=garrison.estate=${id}`)).toBe("");
    },
    10 * minutes,
  );
});

async function rotate(generation: number): Promise<void> {
  const path = "garrison:secrets.valkey-search.generation";
  const set = await estate.run("pulumi", "config", "set", "--path", path, String(generation));
  expect(set.exitCode, set.output).toBe(0);
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

/** Leaves a secret, in every spelling, in every kind of place where it must not be. */
async function plant(secret: string) {
  const text = spellingsOf(secret)
    .map((spelling) => spelling.text)
    .join("\n");
  const files = [
    join(estate.files.directory, "planted"),
    join(logs, `${prefix}.log`),
    join(checkout, `${prefix}.txt`),
    join("/tmp", `${prefix}.txt`),
    join("/var/tmp", `${prefix}.txt`),
  ];
  for (const file of files) await writeFile(file, text);
  const image = await importBusybox(
    `${prefix}-planted:1`,
    `printf '%s' '${text.replaceAll("'", `'\\''`)}' >etc/planted`,
  );
  const labelled = ["--network", "none", "--label", `planted=${text}`];
  await docker("run", "-d", "--name", `${prefix}-planted`, ...labelled, image, "/bin/sleep", "1000");
  const sleeper = execa("sh", ["-c", "sleep 1000 & wait", "sh", text], { reject: false, detached: true });
  return {
    places: [
      "the estate's directory",
      "the cache's logs",
      "the checkout",
      "/tmp",
      "/var/tmp",
      "docker inspect",
      "images",
      "processes",
    ],
    remove: async () => {
      for (const file of files) await rm(file);
      await removeByPrefix(prefix);
      if (sleeper.pid !== undefined) process.kill(-sleeper.pid, "SIGKILL");
      await sleeper;
    },
  };
}
