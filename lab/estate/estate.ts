import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { basename, dirname, join } from "node:path";
import type Docker from "dockerode";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { problem } from "#helpers/terminal/report.ts";
import { newEstateId, readFacts } from "./facts.ts";
import type { EstateFacts } from "./facts.ts";
import { chooseBlock, overlaps } from "./network-block.ts";
import { estateFiles } from "./paths.ts";
import type { EstateFiles } from "./paths.ts";
import { takenBlocks } from "./taken-blocks.ts";

/** One lab estate: what was decided about it and where its files lie. */
export interface Estate extends EstateFacts {
  readonly name: string;
  readonly files: EstateFiles;
}

/** A name is a directory's and is shown in tables. */
const namePattern = /^[a-z][a-z0-9-]{0,31}$/;

/** The name of the estate that a stack uses when nobody names one. */
export function estateName(stack: string, asked: string | undefined): string {
  const name = asked ?? stack;
  if (namePattern.test(name)) return name;
  throw problem("That cannot be the name of an estate", {
    property: "--estate or GARRISON_ESTATE",
    found: JSON.stringify(name),
    expected: "1 to 32 lower-case letters, digits and -, a letter first",
    fix: `npm run up -- --stack ${stack} --estate ${stack}`,
  });
}

/** The estate `name`, if it was made already. */
export async function findEstate(name: string, stack: string): Promise<Estate | undefined> {
  const files = estateFiles(name, stack);
  const facts = await readFacts(files.facts);
  if (facts === undefined) return undefined;
  if (facts.stack === stack) return { ...facts, name, files };
  throw problem("This estate holds another stack", {
    property: `estate ${name}`,
    found: `the stack ${facts.stack}`,
    expected: `the stack ${stack}`,
    fix: `npm run up -- --stack ${stack} --estate ${stack}`,
  });
}

/**
 * The estate `name`, made when there is none: all of it appears in one step, readable by its owner only.
 *
 * @param docker the daemon, to keep away from its networks; undefined when none answers
 */
export async function openEstate(name: string, stack: string, docker: Docker | undefined): Promise<Estate> {
  const found = await findEstate(name, stack);
  if (found !== undefined) return found;
  const files = estateFiles(name, stack);
  const facts: EstateFacts = {
    id: newEstateId(),
    stack,
    network: await freeBlock(name, undefined, docker),
    resources: hostResources(),
    created: new Date().toISOString(),
  };
  await makeDirectory(files, facts);
  // Should another run have been first, its estate counts.
  return (await findEstate(name, stack)) ?? { ...facts, name, files };
}

/**
 * Moves an estate of which nothing is deployed to another network block when somebody took its own meanwhile.
 * Call it only while the state holds no network: a block under a running estate stays.
 */
export async function settleNetwork(estate: Estate, docker: Docker): Promise<Estate> {
  const taken = await takenBlocks({ name: estate.name, id: estate.id }, docker);
  if (!taken.some(({ block }) => overlaps(block, estate.network))) return estate;
  const facts: EstateFacts = { ...factsOf(estate), network: await freeBlock(estate.name, estate.id, docker) };
  await writeFileAtomic(estate.files.facts, json(facts), 0o600);
  return { ...estate, ...facts };
}

async function freeBlock(name: string, id: string | undefined, docker: Docker | undefined): Promise<string> {
  const taken = await takenBlocks({ name, id }, docker);
  const block = chooseBlock(taken.map((other) => other.block));
  if (block !== undefined) return block;
  const holders = [...new Set(taken.map(({ block: other, by }) => `${other} (${by})`))].join(", ");
  throw problem("There is no free address block for the estate's networks", {
    property: "network",
    found: `all taken: ${holders}`,
    expected: "a /16 of 10.64.0.0/10 that overlaps no route, Docker network or other estate",
    fix: "docker network ls; ip route; remove one that is not needed",
  });
}

function factsOf({ id, stack, network, resources, created }: Estate): EstateFacts {
  return { id, stack, network, resources, created };
}

async function makeDirectory(files: EstateFiles, facts: EstateFacts): Promise<void> {
  const { directory } = files;
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(directory), `.${basename(directory)}.${randomBytes(4).toString("hex")}`);
  try {
    await mkdir(temporary, { mode: 0o700 });
    await mkdir(join(temporary, basename(files.backend)), { mode: 0o700 });
    const passphrase = join(temporary, basename(files.passphrase));
    await writeFile(passphrase, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
    await writeFile(join(temporary, basename(files.facts)), json(facts), { mode: 0o600 });
    await rename(temporary, directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!isTaken(error)) throw error;
    await refuseForeignDirectory(files);
  }
}

// Renaming over a directory with something in it fails: either another run made the estate just now, or it is no estate.
async function refuseForeignDirectory(files: EstateFiles): Promise<void> {
  if ((await readFacts(files.facts)) !== undefined) return;
  throw problem("The estate's directory belongs to something else", {
    property: files.directory,
    found: "a directory with files in it and no estate.json",
    expected: "an estate, or nothing",
    fix: `mv ${files.directory} ${files.directory}.aside, or name another estate with --estate`,
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST");
}

/** What this host has, as far as this process may use it. */
export function hostResources(): EstateFacts["resources"] {
  const limit = process.constrainedMemory();
  const bytes = limit > 0 ? Math.min(totalmem(), limit) : totalmem();
  return { memoryMiB: Math.floor(bytes / 1024 ** 2), cpus: availableParallelism(), openFiles: openFilesLimit() };
}

/** The kernel's hard limit for this process, which a daemon that it starts inherits. */
function openFilesLimit(): number {
  const limits = existsSync("/proc/self/limits") ? readFileSync("/proc/self/limits", "utf8") : "";
  const hard = /^Max open files +\S+ +(\d+)/m.exec(limits)?.[1];
  return hard === undefined ? 1_048_576 : Number(hard);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
