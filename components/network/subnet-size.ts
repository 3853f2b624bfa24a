import type { Problem } from "../lib/problems.ts";
import type { NetworkRequest } from "../machine/machine-definition.ts";
import { parseBlock } from "./address.ts";
import type { Member } from "./plan-networks.ts";

/** Room for 60 services on a network, and for 1023 networks in a /16. */
export const SUBNET_PREFIX = 26;

/** A subnet as small as this has room for four services. */
const SMALLEST_SUBNET = 29;

/** Addresses of a subnet that no service gets: the network itself, the gateway, and two at the end, one for broadcast. */
const RESERVED = 4;

/** The largest number of a service whose address fits: the gateway is .1, service number n is .(n + 1). */
export function largestNumber(prefix: number): number {
  return 2 ** (32 - prefix) - RESERVED;
}

/** Numbers that find no room, each with the size of subnet that would have some. */
export function sizeProblems(
  requests: readonly NetworkRequest[],
  members: readonly Member[],
  block: string,
  prefix: number,
): Problem[] {
  const whole = parseBlock(block).prefix;
  if (!Number.isInteger(prefix) || prefix <= whole || prefix > SMALLEST_SUBNET) {
    const expected = `a prefix from ${String(whole + 1)} to ${String(SMALLEST_SUBNET)}: subnets of ${block} with room for services`;
    return [{ property: "subnetPrefix", found: String(prefix), expected }];
  }
  const largest = largestNumber(prefix);
  const capacity = 2 ** (prefix - whole);
  return [
    ...members
      .filter(({ number }) => !Number.isInteger(number) || number < 1 || number > largest)
      .map(({ name, number }) => ({
        property: `services.${name}.number`,
        found: String(number),
        expected: `a whole number from 1 to ${String(largest)}${widerSubnets(number, largest, whole)}`,
      })),
    ...requests
      .filter(({ number }) => !Number.isInteger(number) || number < 1 || number >= capacity)
      .map(({ name, number }) => ({
        property: `networks.${name}.number`,
        found: String(number),
        expected:
          `a whole number from 1 to ${String(capacity - 1)}: ${block} has no more /${String(prefix)} subnets` +
          moreSubnets(number, capacity, whole, members),
      })),
  ];
}

function widerSubnets(number: number, largest: number, whole: number): string {
  if (!Number.isInteger(number) || number <= largest) return "";
  const fitting = 32 - Math.ceil(Math.log2(number + RESERVED));
  return fitting > whole
    ? `; subnetPrefix ${String(fitting)} has room for it`
    : "; no subnet of the block has room for it";
}

function moreSubnets(number: number, capacity: number, whole: number, members: readonly Member[]): string {
  if (!Number.isInteger(number) || number < capacity) return "";
  const bits = Math.ceil(Math.log2(number + 1));
  const highest = members.reduce((most, member) => Math.max(most, member.number), 1);
  if (whole + bits <= SMALLEST_SUBNET && largestNumber(whole + bits) >= highest) {
    return `; subnetPrefix ${String(whole + bits)} has room for it and for every service`;
  }
  return "; a larger block has, with the setting garrison:network";
}
