import { z } from "zod";
import { claimedTwice } from "../lib/claims.ts";
import { readJsonFile } from "../lib/json-file.ts";
import { own } from "../lib/own.ts";
import { ProblemsError } from "../lib/problems.ts";
import type { Problem } from "../lib/problems.ts";

/**
 * Which numbers and names on a machine are whose. It is committed, written by a command, and nothing in it is given to
 * somebody else: what left the machine keeps its line, so that adding and removing moves nobody.
 */
export interface NumberLock {
  /** Number by service: user, group and host part of every address follow from it. */
  readonly services: Readonly<Record<string, number>>;
  /** Name and number by what a network is for: subnet and bridge follow from the number. */
  readonly networks: Readonly<Record<string, LockedNetwork>>;
  /** Names of secrets that are not the usual ones, by what they open. @default none */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
}

export interface LockedNetwork {
  readonly name: string;
  readonly number: number;
}

/** What a machine needs numbers for. */
export interface Numbered {
  readonly services: readonly string[];
  readonly networks: readonly { readonly key: string; readonly suggestion: string }[];
}

const number = z.int().min(1);
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, "lower case letters, digits and dashes");

const schema = z.strictObject({
  services: z.record(name, number),
  networks: z.record(z.string(), z.strictObject({ name, number })),
  secrets: z.record(z.string(), name).optional(),
});

export const NO_NUMBERS: NumberLock = { services: {}, networks: {} };

/** Reads a lock. What is wrong with the file is told with the rest of the machine's plan. */
export function readNumberLock(file: string): { readonly lock: NumberLock; readonly problems: readonly Problem[] } {
  try {
    const parsed = schema.safeParse(readJsonFile(file, `git checkout -- ${file}`) ?? NO_NUMBERS);
    if (!parsed.success) return { lock: NO_NUMBERS, problems: parsed.error.issues.map(problemOf) };
    return { lock: parsed.data, problems: twiceProblems(parsed.data) };
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    const problems = error.problems.map((problem) => ({ ...problem, property: "numbers" }));
    return { lock: NO_NUMBERS, problems };
  }
}

/** The lock with a number for everything that has none: the one above the highest that was ever given. */
export function withNumbers(lock: NumberLock, { services, networks }: Numbered): NumberLock {
  const serviceNumbers = { ...lock.services };
  for (const service of services)
    serviceNumbers[service] = own(serviceNumbers, service) ?? above(Object.values(serviceNumbers));
  const networkNumbers = { ...lock.networks };
  for (const { key, suggestion } of networks) {
    const taken = Object.values(networkNumbers);
    networkNumbers[key] = own(networkNumbers, key) ?? {
      name: freeName(
        suggestion,
        taken.map((one) => one.name),
      ),
      number: above(taken.map((one) => one.number)),
    };
  }
  return { ...lock, services: serviceNumbers, networks: networkNumbers };
}

/** What has no number yet. */
export function unnumbered({ services, networks }: NumberLock, wanted: Numbered): string[] {
  return [
    ...wanted.services.filter((one) => own(services, one) === undefined),
    ...wanted.networks.filter(({ key }) => own(networks, key) === undefined).map(({ key }) => key),
  ];
}

function above(numbers: readonly number[]): number {
  return 1 + numbers.reduce((most, one) => Math.max(most, one), 0);
}

function freeName(suggestion: string, taken: readonly string[]): string {
  if (!taken.includes(suggestion)) return suggestion;
  let count = 2;
  while (taken.includes(`${suggestion}-${String(count)}`)) count += 1;
  return `${suggestion}-${String(count)}`;
}

function problemOf({ path, message }: z.core.$ZodIssue): Problem {
  return { property: ["numbers", ...path.map(String)].join("."), found: message, expected: "the committed file" };
}

/** A number that two have is an address, a user or a subnet that two have. */
function twiceProblems({ services, networks }: NumberLock): Problem[] {
  const network = Object.entries(networks);
  return [
    ...twice("numbers.services", Object.entries(services)),
    ...twice(
      "numbers.networks",
      network.map(([key, one]) => [key, one.number]),
    ),
    ...twice(
      "numbers.networks",
      network.map(([key, one]) => [key, one.name]),
    ),
  ];
}

function twice(property: string, entries: readonly (readonly [owner: string, value: string | number])[]): Problem[] {
  return claimedTwice(entries).map(([value, owners]) => ({
    property,
    found: `${String(value)} given to ${owners.join(" and ")}`,
    expected: "each its own",
  }));
}
