import { readlinkSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { z } from "zod";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { withLock } from "#helpers/files/lock.ts";
import { isAlive, ownIdentity } from "#helpers/processes/process-identity.ts";
import type { ProcessIdentity } from "#helpers/processes/process-identity.ts";
import { commandOf, endAll, environmentOf, processes } from "#helpers/processes/processes.ts";
import { removeObjects } from "../engine/orphans.ts";
import type { LabelledObject } from "../engine/orphans.ts";

/** In the environment of everything that a run of tests starts: the process that runs them, and where its number counts. */
const mark = "GARRISON_TEST_RUN";
const markSchema = z.tuple([z.string(), z.coerce.number().int().positive(), z.string()]);
/** What tests call their things in Docker (`testPrefix` in tests/support/docker.ts). */
const testThing = /^gt[0-9a-f]{6}(-|$)/;
const seconds = 10;

/** Ends what an earlier run of tests started and could not end because it was killed, and marks what this one starts. */
export async function endLeftoverProcesses(): Promise<void> {
  const left = processes().filter(({ pid }) => isLeftover(environmentOf(pid)));
  if (left.length > 0) {
    const names = left.map(({ pid }) => `${String(pid)} (${commandOf(pid)[0] ?? "?"})`);
    console.error(`  Ending processes that an earlier run of tests left: ${names.join(", ")}`);
    await endAll(left, seconds);
  }
  process.env[mark] = markOf(ownIdentity());
}

/** What a run with this process writes into the environment of all that it starts. */
export function markOf({ pid, started }: ProcessIdentity): string {
  return [pidNamespace(), String(pid), started].join("/");
}

/** Whether a process was started by a run of tests that is gone. Of a run in a container only that container knows. */
export function isLeftover(environment: readonly string[]): boolean {
  const run = runOf(environment);
  return run !== undefined && !isAlive(run);
}

function runOf(environment: readonly string[]): ProcessIdentity | undefined {
  const text = environment.find((line) => line.startsWith(`${mark}=`))?.slice(mark.length + 1);
  const read = markSchema.safeParse(text?.split("/"));
  if (!read.success) return undefined;
  const [namespace, pid, started] = read.data;
  return namespace === pidNamespace() ? { pid, started } : undefined;
}

/** Process numbers mean something within one of these only. */
function pidNamespace(): string {
  return readlinkSync("/proc/self/ns/pid");
}

/** Runs tests that use this host's daemon: alone, and after what a killed run left there was removed. */
export function aloneOnDocker<T>(work: () => Promise<T>): Promise<T> {
  const run = async (): Promise<T> => {
    await removeLeftoverThings(new Docker());
    return work();
  };
  return withLock(join(cacheDirectory(), "locks", "tests-on-docker"), run, {
    onWait: ({ pid }) => {
      console.error(`  Process ${String(pid)} runs tests on this host's Docker; waiting for it`);
    },
  });
}

async function removeLeftoverThings(docker: Docker): Promise<void> {
  const left = (await everything(docker)).filter(({ name }) => testThing.test(name));
  if (left.length === 0) return;
  console.error(`  Removing what an earlier run of tests left: ${left.map(({ name }) => name).join(", ")}`);
  await removeObjects(docker, left);
}

/** Containers first: the others cannot go before them. */
async function everything(docker: Docker): Promise<LabelledObject[]> {
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return [
    ...containers.map(({ Id: id, Names: [name = id] }) => ({ kind: "container" as const, id, name: name.slice(1) })),
    ...networks.map(({ Id: id, Name: name }) => ({ kind: "network" as const, id, name })),
    ...volumes.Volumes.map(({ Name: name }) => ({ kind: "volume" as const, id: name, name })),
  ];
}
