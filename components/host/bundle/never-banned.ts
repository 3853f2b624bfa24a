import { isNearlyEverywhere, rangeOf } from "#components/network/address-set.ts";
import type { HostSpec } from "./host-spec.ts";

/** Everybody whom a ban would lock out or take for an outage: people, deployments, the estate's machines, proxies. */
export function notToBeBanned({ access, nginx }: HostSpec): string[] {
  return [...access.operatorsFrom, ...access.deployerFrom, ...access.estate, ...(nginx?.proxies ?? [])];
}

/** The widest block that somebody has for himself. */
const WIDEST = 1n << 24n;

/**
 * Blocks that fail2ban passes over. One that is wider than any organization's says that nobody knows where people come
 * from: whoever guesses comes from there too.
 */
export function neverBanned(blocks: readonly string[]): string[] {
  const narrow = (block: string): boolean => {
    const range = rangeOf(block);
    if (range === undefined) return true;
    return range.family === 6 ? !isNearlyEverywhere([block]) : range.last - range.first < WIDEST;
  };
  return blocks.filter(narrow);
}
