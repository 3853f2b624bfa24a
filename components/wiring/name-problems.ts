import { claimedTwice } from "../lib/claims.ts";
import type { Problem } from "../lib/problems.ts";
import { PLACES } from "../network/flow.ts";
import type { Service } from "./blueprint.ts";

/** Names that mean somebody else than a service, and whom. */
const TAKEN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PLACES.map((place) => [place, "a place outside the machine's containers"])),
  default: "whoever has not logged in, to Redis",
  localhost: "itself, to every container",
};

const WIRE = /^[a-z][a-z0-9-]*$/i;

/** Names that two have, that mean somebody else, and names of wires, which are words of configurations. */
export function nameProblems(services: readonly Service[]): Problem[] {
  return [
    ...namedTwice(services),
    ...services.flatMap(({ name, blueprint }) => [
      ...(Object.hasOwn(TAKEN, name)
        ? [{ property: `services.${name}`, found: `the name of ${TAKEN[name] ?? ""}`, expected: "another name" }]
        : []),
      ...Object.keys(blueprint.uses)
        .filter((wire) => !WIRE.test(wire))
        .map((wire) => ({
          property: `services.${name}`,
          found: `a wire ${JSON.stringify(wire)}`,
          expected: "letters, digits and dashes",
        })),
    ]),
  ];
}

function namedTwice(services: readonly Service[]): Problem[] {
  return claimedTwice(services.map((service) => [service, service.name])).map(([name, same]) => ({
    property: `services.${name}`,
    found: `${String(same.length)} services of this name`,
    expected: "a name of its own for each",
  }));
}

/** A secret of two relations lets the client of one into the server of the other. */
export function sharedSecrets(keys: readonly string[], secretName: (key: string) => string): Problem[] {
  const claims = [...new Set(keys)].map((key) => [key, secretName(key)] as const);
  return claimedTwice(claims).map(([name, owners]) => ({
    property: `secrets.${name}`,
    found: `the name for ${owners.join(" and ")}`,
    expected: "a secret for each: another name under `secrets` of the machine's numbers, or of a service",
  }));
}
