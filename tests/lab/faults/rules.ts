import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { expect, test } from "vitest";
import { tableOf } from "#components/firewall/render-rules.ts";
import { office } from "#stacks/office.ts";
import { docker } from "#tests/support/docker.ts";
import type { FaultyEstate } from "#tests/support/faulty-estate.ts";

const minutes = 60_000;

async function hasRules(estate: FaultyEstate): Promise<boolean> {
  const table = tableOf((await estate.idNow()) ?? "");
  return (await execa("nft", ["list", "table", "inet", table], { reject: false })).exitCode === 0;
}

async function running(estate: FaultyEstate): Promise<string[]> {
  const id = await estate.idNow();
  if (id === undefined) return [];
  const names = await docker("ps", "--format", "{{.Names}}", "--filter", `label=garrison.estate=${id}`);
  return names.split("\n").filter((name) => name !== "");
}

/** Who ran while there were no rules, and how often somebody looked. */
export interface Watcher {
  stop(): Promise<{ readonly looks: number; readonly open: readonly string[] }>;
}

/** Looks again and again until it is told to stop. */
export function watchRules(estate: FaultyEstate): Watcher {
  const end = new AbortController();
  const watching = (async () => {
    const open = new Set<string>();
    let looks = 0;
    while (!end.signal.aborted) {
      // In this order: rules that went after their last container are no fault.
      const before = await hasRules(estate);
      const names = await running(estate);
      if (!before && !(await hasRules(estate))) for (const name of names) open.add(name);
      looks += 1;
      await sleep(100);
    }
    return { looks, open: [...open] };
  })();
  return {
    stop: () => {
      end.abort();
      return watching;
    },
  };
}

/** Kills everything when the rules are there and containers are not. */
export async function killAfterRules(estate: FaultyEstate): Promise<void> {
  const run = estate.start("up");
  let ended: string | undefined;
  void run.then(({ all }) => (ended = all));
  const deadline = Date.now() + 8 * minutes;
  while ((await estate.idNow()) === undefined || !(await hasRules(estate))) {
    if (ended !== undefined) throw new Error(`the run loaded no rules:\n${ended}`);
    if (Date.now() > deadline) throw new Error("no rules after eight minutes");
    await sleep(20);
  }
  expect(await estate.killEverything()).toContain("pulumi");
  await run;
  expect((await running(estate)).length).toBeLessThan(office.services.length);
}

/** No container ever runs without the host's rules. */
export function rules(given: () => FaultyEstate): void {
  test(
    "being gone, everything that runs is noticed; doctor tells, and up loads them again",
    async () => {
      const estate = given();
      const watcher = watchRules(estate);
      await execa("nft", ["delete", "table", "inet", tableOf((await estate.idNow()) ?? "")]);
      await sleep(2000);
      expect((await watcher.stop()).open).toHaveLength(office.services.length);
      const doctor = await estate.start("doctor");
      expect(doctor.exitCode).toBe(1);
      expect(doctor.all).toMatch(/host rules: the table garrison-\w+ is gone/);
      const up = await estate.start("up");
      expect(up.exitCode, up.all).toBe(0);
      expect(up.all).toContain("Loaded the host's rules again");
      expect(await hasRules(estate)).toBe(true);
    },
    10 * minutes,
  );

  test(
    "go with down, after the last container",
    async () => {
      const estate = given();
      const watcher = watchRules(estate);
      const down = await estate.start("down");
      expect(down.exitCode, down.all).toBe(0);
      expect((await watcher.stop()).open).toEqual([]);
      expect(await hasRules(estate)).toBe(false);
    },
    10 * minutes,
  );
}
