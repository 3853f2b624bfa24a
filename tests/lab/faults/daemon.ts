import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { office } from "#stacks/office.ts";
import { docker, inspect } from "#tests/support/docker.ts";
import type { FaultyEstate } from "#tests/support/faulty-estate.ts";
import { cgroupLimit } from "#tests/support/kernel.ts";

const minutes = 60_000;

interface Container {
  readonly Id: string;
  readonly State: { readonly Pid: number; readonly StartedAt: string };
}

const lookAt = async (estate: FaultyEstate, service: string): Promise<Container> =>
  inspect<Container>(`${(await estate.idNow()) ?? ""}-${service}`);

/** It dies in the middle of a deployment, and under a machine that is up: of these and the other ways a part is tried. */
export function daemon(given: () => FaultyEstate, isTried: () => boolean): void {
  if (isTried())
    test(
      "the daemon, killed in the middle of up: the message says what completes it, and the next up starts the daemon and completes",
      async () => {
        const estate = given();
        for (const service of ["nginx", "valkey", "searxng", "llm-guard", "falkordb", "graphiti"])
          await docker("rm", "-f", `${(await estate.idNow()) ?? ""}-${service}`);
        const up = estate.start("up");
        await estate.untilMore(2, up);
        await endDaemon("SIGKILL");
        const ended = await up;
        expect(ended.exitCode, ended.all).toBe(1);
        expect(ended.all).toMatch(
          /no Docker daemon answers|cannot connect to the Docker daemon|socket hang up|closed/i,
        );
        expect(ended.all).toContain("npm run up");

        const next = await estate.start("up");
        expect(next.exitCode, next.all).toBe(0);
        expect(next.all).toMatch(/\b(\d+) of \1 containers are well/);
        const { real, recorded, pending } = await estate.compared();
        expect(recorded).toEqual(real);
        expect(pending).toBe(0);
        expect(await limits(estate)).toEqual(wantedLimits());
      },
      12 * minutes,
    );

  const signals = (["SIGTERM", "SIGKILL"] as const).filter(isTried);
  describe.each(signals)("the daemon, ended by %s under a machine that is up", (signal) => {
    test(
      "it is started again, and all twenty containers come back as they were, limits and all",
      async () => {
        const estate = given();
        const before = await seen(estate);
        await endDaemon(signal);
        const next = await estate.start("up");
        expect(next.exitCode, next.all).toBe(0);
        expect(next.all).toMatch(/\b(\d+) of \1 containers are well/);
        const after = await seen(estate);
        expect(after.map(({ Id }) => Id)).toEqual(before.map(({ Id }) => Id));
        // They did go: otherwise nothing was shown.
        for (const [index, { State }] of after.entries()) expect(State.Pid).not.toBe(before[index]?.State.Pid);
        expect(await limits(estate)).toEqual(wantedLimits());
      },
      12 * minutes,
    );
  });
}

function seen(estate: FaultyEstate): Promise<Container[]> {
  return Promise.all(office.services.map(({ name }) => lookAt(estate, name)));
}

/** PID limits by service, as the kernel has them. An agent's is its parent's: gVisor writes none of its own. */
async function limits(estate: FaultyEstate): Promise<Record<string, string | undefined>> {
  const found = await Promise.all(
    office.services.map(async ({ name, agent }) => {
      const { own, parent } = await cgroupLimit((await lookAt(estate, name)).State.Pid, "pids", {
        v1: "pids.max",
        v2: "pids.max",
      });
      return [name, agent === true ? parent : own] as const;
    }),
  );
  return Object.fromEntries(found);
}

function wantedLimits(): Record<string, string> {
  return Object.fromEntries(office.services.map(({ name, pids }) => [name, String(pids)]));
}

/** Ends the host's daemon and waits until it is gone. */
async function endDaemon(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const pid = Number(await readFile("/var/run/docker.pid", "utf8"));
  expect((await readFile(`/proc/${String(pid)}/comm`, "utf8")).trim()).toBe("dockerd");
  process.kill(pid, signal);
  const deadline = Date.now() + 60_000;
  while (await isThere(pid)) {
    if (Date.now() > deadline) throw new Error(`dockerd does not end on ${signal}`);
    await sleep(100);
  }
}

/** A zombie is gone: whoever started the daemon may not have collected it. */
async function isThere(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${String(pid)}/status`, "utf8").catch(() => "");
  return status !== "" && !/^State:\s*[ZX]/m.test(status);
}
