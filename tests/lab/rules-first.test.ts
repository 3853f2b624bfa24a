import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tableOf } from "#components/firewall/render-rules.ts";
import { office } from "#stacks/office.ts";
import { docker } from "../support/docker.ts";
import { FaultyEstate } from "../support/faulty-estate.ts";

// No container ever runs without the host's rules: from the first deployment, which is killed, to the end of the estate.
const minutes = 60_000;

let estate: FaultyEstate;

beforeAll(async () => {
  estate = await FaultyEstate.make("rules-test");
}, minutes);

afterAll(() => estate.end(), 12 * minutes);

async function hasRules(): Promise<boolean> {
  const table = tableOf((await estate.id()) ?? "");
  return (await execa("nft", ["list", "table", "inet", table], { reject: false })).exitCode === 0;
}

async function running(): Promise<string[]> {
  const id = await estate.id();
  if (id === undefined) return [];
  const names = await docker("ps", "--format", "{{.Names}}", "--filter", `label=garrison.estate=${id}`);
  return names.split("\n").filter((name) => name !== "");
}

/** Looks again and again until it is told to stop, and tells who ran while there were no rules. */
function watch(): { stop: () => Promise<{ looks: number; open: string[] }> } {
  const end = new AbortController();
  const watching = (async () => {
    const open = new Set<string>();
    let looks = 0;
    while (!end.signal.aborted) {
      // In this order: rules that went after their last container are no fault.
      const before = await hasRules();
      const names = await running();
      if (!before && !(await hasRules())) for (const name of names) open.add(name);
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

test(
  "killed when the rules are there and containers are not, the next up completes; none ever runs without",
  async () => {
    const watcher = watch();
    const run = estate.start("up");
    let ended: string | undefined;
    void run.then(({ all }) => (ended = all));
    const deadline = Date.now() + 8 * minutes;
    while ((await estate.id()) === undefined || !(await hasRules())) {
      if (ended !== undefined) throw new Error(`the run loaded no rules:\n${ended}`);
      if (Date.now() > deadline) throw new Error("no rules after eight minutes");
      await sleep(20);
    }
    expect(await estate.killEverything()).toContain("pulumi");
    await run;
    expect((await running()).length).toBeLessThan(office.services.length);

    const up = await estate.run("up");
    expect(up.exitCode, up.output).toBe(0);
    expect(await running()).toHaveLength(office.services.length);
    const { looks, open } = await watcher.stop();
    expect(looks).toBeGreaterThan(50);
    expect(open).toEqual([]);
  },
  20 * minutes,
);

test(
  "without them, everything that runs is noticed; doctor tells, and up loads them again",
  async () => {
    const watcher = watch();
    await execa("nft", ["delete", "table", "inet", tableOf((await estate.id()) ?? "")]);
    await sleep(2000);
    expect((await watcher.stop()).open).toHaveLength(office.services.length);
    const doctor = await estate.run("doctor");
    expect(doctor.exitCode).toBe(1);
    expect(doctor.output).toMatch(/host rules: the table garrison-\w+ is gone/);
    const up = await estate.run("up");
    expect(up.exitCode, up.output).toBe(0);
    expect(up.output).toContain("Loaded the host's rules again");
    expect(await hasRules()).toBe(true);
  },
  10 * minutes,
);

test(
  "down takes them away after the last container",
  async () => {
    const watcher = watch();
    const down = await estate.run("down");
    expect(down.exitCode, down.output).toBe(0);
    expect((await watcher.stop()).open).toEqual([]);
    expect(await hasRules()).toBe(false);
  },
  10 * minutes,
);
