import { claimedTwice } from "../lib/claims.ts";
import type { Problem } from "../lib/problems.ts";
import { parseBlock } from "../network/address.ts";
import type { AzurePlace, PlaceMachine, PlaceSubnet } from "./azure-place.ts";

/** Prefix of every subnet. */
export const SUBNET = 26;

/**
 * Everything by which a place has no plan: what its machines are to each other, and in which of its subnets they are.
 *
 * @param network block of the stack's network, which the subnets divide
 */
export function placeProblems({ subnets, machines }: AzurePlace, network: string): Problem[] {
  return [
    ...twice("subnets", "name", subnets),
    ...twice("subnets", "number", subnets),
    ...subnets.flatMap((own) => numberProblems(own, 2 ** (SUBNET - parseBlock(network).prefix) - 1)),
    ...twice("machines", "name", machines),
    ...(machines.some(isMain) ? [] : [{ property: "machines", found: named(machines), expected: "one named main" }]),
    ...machines.flatMap((machine, index) => [
      ...subnetProblems(machine, subnets),
      ...bastionProblems(machine, machines.slice(0, index)),
      ...idleProblems(machine, machines),
    ]),
  ];
}

function numberProblems({ name, number }: PlaceSubnet, last: number): Problem[] {
  if (Number.isInteger(number) && number >= 1 && number <= last) return [];
  const expected = `a whole number from 1 to ${String(last)}`;
  return [{ property: `subnets.${name}.number`, found: String(number), expected }];
}

function isMain({ name }: Pick<PlaceMachine, "name">): boolean {
  return name === "main";
}

function twice<Field extends "name" | "number">(
  list: string,
  field: Field,
  all: readonly ({ readonly name: string } & Readonly<Record<Field, string | number>>)[],
): Problem[] {
  return claimedTwice(all.map((one) => [one.name, String(one[field])] as const)).map(([value, owners]) => ({
    property: `${list}.${field}`,
    found: `${value}, of ${owners.join(", ")}`,
    expected: `each with a ${field} of its own`,
  }));
}

function subnetProblems({ name, subnet }: PlaceMachine, subnets: AzurePlace["subnets"]): Problem[] {
  if (subnets.some((own) => own.name === subnet)) return [];
  return [{ property: `machines.${name}.subnet`, found: subnet, expected: `one of ${named(subnets)}` }];
}

/** A bastion passes ssh on and does nothing else, so `main` is none. */
function bastionProblems({ name, behind }: PlaceMachine, before: readonly PlaceMachine[]): Problem[] {
  const bastions = before.filter((machine) => !isMain(machine));
  if (behind === undefined || bastions.some((machine) => machine.name === behind)) return [];
  const expected =
    bastions.length === 0 ? "none, or a machine that is declared before it" : `one of ${named(bastions)}`;
  return [{ property: `machines.${name}.behind`, found: behind, expected: `${expected}: a bastion comes first` }];
}

/** Whoever is not `main` is a bastion; one that nobody is behind would be a second copy of `main`. */
function idleProblems(machine: PlaceMachine, machines: readonly PlaceMachine[]): Problem[] {
  if (isMain(machine) || machines.some(({ behind }) => behind === machine.name)) return [];
  return [
    {
      property: `machines.${machine.name}`,
      found: "nobody is behind it",
      expected: `main, or a bastion that another machine names: behind: ${JSON.stringify(machine.name)}`,
    },
  ];
}

function named(all: readonly { readonly name: string }[]): string {
  return all.map(({ name }) => name).join(", ") || "none";
}
