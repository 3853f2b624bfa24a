/** A fabric that makes nothing and writes down what it was asked for. */
import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "@garrison/helpers/files/atomic.ts";
import { z } from "zod";
import type { DiskFact, Fabric, MachineFact, NetworkFacts } from "./fabric.ts";

interface Recorded {
  readonly network?: NetworkFacts;
  readonly machines: Readonly<Record<string, MachineFact>>;
  readonly disks: Readonly<Record<string, DiskFact>>;
  /** What was done, in order: `create …/virtualMachines/web`. */
  readonly calls: readonly string[];
}

const recordedSchema = z.custom<Recorded>((value) => typeof value === "object");

/** What was asked for so far by whatever run of the plugin. */
export async function readRecorded(file: string): Promise<Recorded> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? { machines: {}, disks: {}, calls: [] } : recordedSchema.parse(JSON.parse(text));
}

/** For an engine whose environment names this module, and in RECORDED_FABRIC the file to write to. */
export function openFabric(): Promise<Fabric> {
  return Promise.resolve(recordingFabric(process.env.RECORDED_FABRIC ?? ""));
}

/** Writes after each call: the plugin lives for one run of the engine. */
export function recordingFabric(file: string): Fabric {
  let last: Promise<unknown> = Promise.resolve();
  const change = (edit: (recorded: Recorded) => Recorded): Promise<void> => {
    const next = last.then(async () => {
      await writeFileAtomic(file, JSON.stringify(edit(await readRecorded(file)), undefined, 2));
    });
    last = next.catch(() => undefined);
    return next;
  };
  const called = (recorded: Recorded, call: string): Recorded => ({ ...recorded, calls: [...recorded.calls, call] });
  return {
    applyNetwork: (network) => change((recorded) => ({ ...recorded, network })),
    ensureDisk: (disk) =>
      change((recorded) => called({ ...recorded, disks: { ...recorded.disks, [disk.id]: disk } }, `disk ${disk.id}`)),
    removeDisk: (id) => change((recorded) => called({ ...recorded, disks: omit(recorded.disks, id) }, `remove ${id}`)),
    createMachine: (machine) => change((recorded) => withMachine(called(recorded, `create ${machine.id}`), machine)),
    updateMachine: (machine) => change((recorded) => withMachine(called(recorded, `update ${machine.id}`), machine)),
    findMachine: async (id) => ((await readRecorded(file)).machines[id] === undefined ? undefined : "running"),
    removeMachine: (id) =>
      change((recorded) => called({ ...recorded, machines: omit(recorded.machines, id) }, `remove ${id}`)),
  };
}

function withMachine(recorded: Recorded, machine: MachineFact): Recorded {
  return { ...recorded, machines: { ...recorded.machines, [machine.id]: machine } };
}

function omit<Value>(record: Readonly<Record<string, Value>>, name: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
