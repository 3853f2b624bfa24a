import { readFile } from "node:fs/promises";
import Docker from "dockerode";
import { z } from "zod";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { pingDocker } from "#helpers/docker/ping.ts";
import { problem } from "#helpers/terminal/report.ts";
import { newEstateId } from "../estate/facts.ts";
import { chooseBlock } from "../estate/network-block.ts";
import { takenBlocks } from "../estate/taken-blocks.ts";
import type { LabFiles } from "./paths.ts";

const sizeSchema = z.object({
  memoryMiB: z.int().positive(),
  cpus: z.number().positive(),
  diskGiB: z.int().positive(),
});

/** What is decided once, when a lab of machines is made, and then stays. */
const labFactsSchema = z.object({
  /** Part of the name of everything that the lab makes. */
  id: z.string().regex(/^[a-z][a-z0-9]{1,7}$/),
  /** The /16 of which the machines have the first /24. */
  network: z.string().regex(/^10\.\d{1,3}\.0\.0\/16$/),
  /** What the host could give then: a machine's size must not move while it is there. */
  capacity: sizeSchema,
  created: z.iso.datetime(),
});

export type LabFacts = z.infer<typeof labFactsSchema>;

/** The facts of the lab; undefined when there is none. */
export async function readLabFacts(files: LabFiles): Promise<LabFacts | undefined> {
  const text = await readFile(files.facts, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return labFactsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw problem("The lab's description is damaged", {
      property: files.facts,
      found: error instanceof z.ZodError ? z.prettifyError(error) : String(error),
      expected: "what the first `lab up` wrote",
      fix: "correct it: the lab's id is in the name of its bridge (ip -brief link) and of its directory below /run/garrison-lab",
    });
  }
}

/** The facts of the lab, decided now when there is none. `capacity` is asked for only then. */
export async function openLabFacts(files: LabFiles, capacity: () => Promise<LabFacts["capacity"]>): Promise<LabFacts> {
  const found = await readLabFacts(files);
  if (found !== undefined) return found;
  const facts = {
    id: newEstateId(),
    network: await freeBlock(),
    capacity: await capacity(),
    created: new Date().toISOString(),
  };
  await writeFileAtomic(files.facts, `${JSON.stringify(facts, undefined, 2)}\n`, 0o600);
  return facts;
}

async function freeBlock(): Promise<string> {
  const docker = (await pingDocker()).version === undefined ? undefined : new Docker();
  const taken = await takenBlocks({ name: "", id: undefined }, docker);
  const blocks = taken.map((other) => other.block);
  // The estates of this host begin at the other end.
  const block = chooseBlock(blocks, "highest");
  if (block !== undefined) return block;
  throw problem("There is no free address block for the lab's machines", {
    property: "network",
    found: `all taken: ${[...new Set(taken.map((other) => `${other.block} (${other.by})`))].join(", ")}`,
    expected: "a /16 of 10.64.0.0/10 that overlaps no route, Docker network or estate",
    fix: "docker network ls; ip route; remove one that is not needed",
  });
}
