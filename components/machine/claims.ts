import { lexical } from "#containment/host-path.ts";
import { claimedTwice } from "../lib/claims.ts";
import type { Problem } from "../lib/problems.ts";
import type { ServiceSpec } from "../services/service.ts";

/** What is delivered to services, and what it is filled in from again after a reboot. */
const DELIVERED = /^\/(?:run|var\/lib)\/garrison(?:\/|$)/;

/** Docker answers for each of them on every network of the container: to a client, whoever has the name is the server. */
export function nameClaims(services: readonly ServiceSpec[], estate: string): Problem[] {
  const distinct = [...new Map(services.map((service) => [service.name, service])).values()];
  return sharedClaims("names", distinct, ({ name, aliases = [], hostname = name }) => {
    const names = [name, `${estate}-${name}`, hostname, ...aliases];
    return [...new Set(names.map((one) => one.toLowerCase()))];
  });
}

/** Where files are delivered, each service finds its own by what it says in `files`. */
export function foreignFiles({ name, mounts = {} }: ServiceSpec): Problem[] {
  return Object.entries(mounts)
    .filter(([, source]) => DELIVERED.test(lexical(source)))
    .map(([path, source]) => ({
      property: `services.${name}.mounts.${path}`,
      found: `${source}, where the secrets of services are`,
      expected: "`files`, by which a service has its own",
    }));
}

/** What more than one service claims and only one can have. */
export function sharedClaims(
  property: string,
  services: readonly ServiceSpec[],
  claims: (service: ServiceSpec) => readonly string[],
): Problem[] {
  const claimed = services.flatMap((service) => claims(service).map((claim) => [service.name, claim] as const));
  return claimedTwice(claimed).map(([claim, names]) => ({
    property: `${property}.${claim}`,
    found: `claimed by ${names.join(" and ")}`,
    expected: "one owner",
  }));
}
