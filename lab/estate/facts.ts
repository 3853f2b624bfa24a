import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { problem } from "#helpers/terminal/report.ts";

/** What is decided once, when an estate is made, and then stays. */
const estateFactsSchema = z.object({
  /** Prefix and label of everything that the estate makes. */
  id: z.string().regex(/^[a-z][a-z0-9]{1,7}$/),
  stack: z.string().min(1),
  /** The /16 of its container networks. */
  network: z.string().regex(/^10\.\d{1,3}\.0\.0\/16$/),
  /** What the host had then; the containers' limits are scaled to it, so it must not move under a running estate. */
  resources: z.object({
    memoryMiB: z.int().positive(),
    cpus: z.number().positive(),
    /** The most open files that a daemon here can grant a container. */
    openFiles: z.int().positive(),
  }),
  created: z.iso.datetime(),
});

export type EstateFacts = z.infer<typeof estateFactsSchema>;

const letters = "abcdefghijklmnopqrstuvwxyz";
const idLength = 6;

/** A new id: a letter first, because host names and interface names begin with it. */
export function newEstateId(): string {
  const alphabet = `${letters}0123456789`;
  const rest = Array.from({ length: idLength - 1 }, () => alphabet.charAt(randomInt(alphabet.length)));
  return letters.charAt(randomInt(letters.length)) + rest.join("");
}

/** The facts of an estate; undefined when there is none. A damaged file is an error: its id labels what runs. */
export async function readFacts(file: string): Promise<EstateFacts | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  return parseFacts(text, file);
}

function parseFacts(text: string, file: string): EstateFacts {
  try {
    return estateFactsSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw problem("The estate's description is damaged", {
      property: file,
      found: reason,
      expected: "what the first run wrote",
      fix: `bring it back from a backup, or correct it: the estate's containers carry its id in garrison.estate`,
    });
  }
}
