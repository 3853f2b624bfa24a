import type { Problem } from "../lib/problems.ts";
import type { Service } from "./blueprint.ts";
import { isProgram } from "./host-program.ts";
import type { HostProgram, ProgramUse } from "./host-program.ts";

/** Programs of the machine in the wrong place, and what they cannot ask. */
export function programProblems(services: readonly Service[], programs: readonly Service[]): Problem[] {
  return [
    ...services.filter(isProgram).map(({ name }) => ({
      property: `services.${name}`,
      found: "a program of the machine itself",
      expected: "containers: it belongs among the machine's `programs`",
    })),
    ...programs
      .filter((own) => !isProgram(own))
      .map(({ name }) => ({
        property: `programs.${name}`,
        found: "a container",
        expected: "programs of the machine itself: it belongs among the machine's `services`",
      })),
    ...programs.filter(isProgram).flatMap(problemsOf),
  ];
}

function problemsOf({ name, blueprint, program }: HostProgram): Problem[] {
  const uses = Object.entries(blueprint.uses).flatMap(([wire, use]) =>
    use === undefined ? [] : [[wire, use] as const],
  );
  return [
    ...(uses.length === 0 && blueprint.serves === undefined
      ? [
          {
            property: `programs.${name}`,
            found: "no relation",
            expected: "one to a service: else `host` of the machine",
          },
        ]
      : []),
    ...(uses.length === 0 && program.account !== undefined
      ? [
          {
            property: `programs.${name}.account`,
            found: String(program.account),
            expected: "none: it begins no connection",
          },
        ]
      : []),
    ...uses.flatMap(([wire, use]) => [
      ...unaskable(`programs.${name}.${wire}`, use),
      ...loginProblems(
        `programs.${name}.${wire}.authenticatedBy`,
        use,
        uses.map(([, one]) => one),
      ),
    ]),
  ];
}

/** Whom a program of the machine cannot ask, or not by a handle. */
function unaskable(property: string, { to }: ProgramUse): Problem[] {
  const told = (found: string, expected: string): Problem[] => [{ property, found, expected }];
  if (to.program !== undefined)
    return told(`${to.name}, a program of the machine too`, "a container: they meet anyway");
  if (to.machine !== undefined)
    return told(`${to.name}, another machine`, "a container: the machine reaches others anyway");
  if (to.speaks === "forward-proxy")
    return told(`the proxy ${to.name}`, "a container: the machine has its own way out");
  if (to.blueprint.serves?.login === undefined) return [];
  return told(`${to.name}, which lets nobody in without a secret`, "one that asks for none: the machine is given none");
}

function loginProblems(property: string, { authenticatedBy }: ProgramUse, uses: readonly ProgramUse[]): Problem[] {
  if (authenticatedBy === undefined) return [];
  const { name, blueprint } = authenticatedBy;
  if (blueprint.serves?.authenticates !== true)
    return [{ property, found: `${name}, which authenticates nobody`, expected: "one that does, such as Authelia" }];
  if (uses.some(({ to }) => to.blueprint === blueprint)) return [];
  return [{ property, found: `${name}, whom the program never asks`, expected: "a wire of the program to it" }];
}
