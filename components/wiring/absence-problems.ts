import type { FileContext } from "../files/service-files.ts";
import { setCommand } from "../lib/config-command.ts";
import { own } from "../lib/own.ts";
import type { Problem } from "../lib/problems.ts";
import type { Looks } from "./rendering.ts";
import { wireOf } from "./relations.ts";
import type { ServiceRelation } from "./relations.ts";

/**
 * Who would be configured for a server that is switched off: whoever never asks whether it is there. And who would ask
 * another machine by a name that is not in its certificate: what is said before settings are known, such as an
 * environment, cannot hold the one that they say.
 */
export function absenceProblems(
  relations: readonly ServiceRelation[],
  looks: Looks,
  { flows, settings }: FileContext,
  present: ReadonlySet<string>,
): Problem[] {
  const here = relations.filter(({ from }) => present.has(from));
  return here.flatMap((relation): Problem[] => {
    const { from, wire, use } = relation;
    const { machine } = use.to;
    if (!isThere(relation.ends, flows)) {
      if (looks(from, wire, "has")) return [];
      return [machine === undefined ? switchedOff(relation) : nowhere(machine.name, from)];
    }
    const tlsName = machine && own(settings.machines, machine.name)?.tlsName;
    if (machine === undefined || tlsName === undefined || !looks(from, wire, "facts")) return [];
    const expected = `no name: ${from} says whom it asks before settings are known`;
    return [{ property: `garrison:machines.${machine.name}.tlsName`, found: tlsName, expected }];
  });
}

/** Whether the other end is not switched off. */
export function isThere(
  { from, to }: Pick<ServiceRelation, "from" | "to">,
  flows: readonly Pick<ServiceRelation, "from" | "to">[],
): boolean {
  return flows.some((flow) => flow.from === from && flow.to === to);
}

function switchedOff(relation: ServiceRelation): Problem {
  const { from, to } = relation;
  const expected = `a client that can do without it, or ${from} switched off too`;
  return { property: wireOf(relation), found: `${to}, which is switched off`, expected };
}

/** Of another machine that a client has to ask, and of which no setting says where it is. */
export function nowhere(machine: string, client: string): Problem {
  return {
    property: `garrison:machines.${machine}.address`,
    found: "nothing",
    expected: `the address of ${machine}: ${client} cannot do without it`,
    fix: setCommand(["machines", machine, "address"], "<address>"),
  };
}
