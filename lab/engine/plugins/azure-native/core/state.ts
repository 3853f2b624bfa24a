/** The simulated subscription: one file for each resource, in the state directory of the lab. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { writeFileAtomic } from "@garrison/helpers/files/atomic.ts";
import { withLock } from "@garrison/helpers/files/lock.ts";
import { isWithin, lastPart, sameId } from "./ids.ts";

export interface Entry {
  readonly id: string;
  readonly token: string;
  /** `Microsoft.Network/virtualNetworks`. */
  readonly type: string;
  /** The resource of the program that it was made for. */
  readonly urn: string;
  /** Without what is secret. */
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** It is being made, or was when the work was cut off. */
  readonly pending?: boolean;
}

/** All that there is, while it is being looked at or changed. */
export interface State {
  readonly entries: readonly Entry[];
  find(id: string): Entry | undefined;
  ofType(type: string): readonly Entry[];
  /** What is inside a resource or a group, itself not included. */
  within(scope: string): readonly Entry[];
}

export interface OpenState extends State {
  put(entry: Entry): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface StateStore {
  look(): Promise<State>;
  /** Nobody else looks or changes meanwhile. What is put is written at once. */
  change<Result>(work: (state: OpenState) => Promise<Result>): Promise<Result>;
}

export function openState(directory: string): StateStore {
  let last: Promise<unknown> = Promise.resolve();
  const file = (id: string) => join(directory, fileName(id));
  return {
    look: async () => stateOf(await readEntries(directory)),
    change: (work) => {
      // The resources of one run queue here: those of others are waited for by looking again and again.
      const next = last.then(() =>
        withLock(`${directory}.lock`, async () => {
          const entries = await readEntries(directory);
          await mkdir(directory, { recursive: true, mode: 0o700 });
          return work({
            ...stateOf(entries),
            put: async (entry) => {
              await writeFileAtomic(file(entry.id), `${JSON.stringify(entry, undefined, 2)}\n`, 0o600);
              drop(entries, entry.id);
              entries.push(entry);
            },
            remove: async (id) => {
              await rm(file(id), { force: true });
              drop(entries, id);
            },
          });
        }),
      );
      last = next.catch(() => undefined);
      return next;
    },
  };
}

export function stateOf(entries: readonly Entry[]): State {
  return {
    entries,
    find: (id) => entries.find((entry) => sameId(entry.id, id)),
    ofType: (type) => entries.filter((entry) => entry.type === type),
    within: (scope) => entries.filter((entry) => isWithin(entry.id, scope) && !sameId(entry.id, scope)),
  };
}

/** Ids hold slashes, and may be longer than a file's name. */
function fileName(id: string): string {
  const digest = createHash("sha256").update(id.toLowerCase()).digest("hex").slice(0, 16);
  return `${lastPart(id).toLowerCase().slice(0, 80)}.${digest}.json`;
}

async function readEntries(directory: string): Promise<Entry[]> {
  if (!existsSync(directory)) return [];
  const files = (await readdir(directory)).filter((name) => name.endsWith(".json") && !name.startsWith("."));
  const entries = await Promise.all(files.sort().map((name) => readEntry(join(directory, name))));
  return entries.filter((entry) => entry !== undefined);
}

/** Undefined when it was removed since the directory was read. */
async function readEntry(file: string): Promise<Entry | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Entry;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function drop(entries: Entry[], id: string): void {
  const index = entries.findIndex((entry) => sameId(entry.id, id));
  if (index >= 0) entries.splice(index, 1);
}
