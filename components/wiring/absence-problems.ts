import type { FileContext } from "../files/service-files.ts";
import { removeCommand, setCommand } from "../lib/config-command.ts";
import { own } from "../lib/own.ts";
import type { Problem } from "../lib/problems.ts";
import type { Looks } from "./rendering.ts";
import { isOff } from "../settings/base.ts";
import type { Settings } from "../settings/base.ts";
import type { Service } from "./blueprint.ts";
import { begunBy, wireOf } from "./relations.ts";
import type { ServiceRelation } from "./relations.ts";

/**
 * Who would be configured for a server that is switched off: whoever never asks whether it is there. Who would be reached
 * without the login before it, and what nobody can open any more. And who would ask another machine by a name that is not
 * in its certificate: what is said before settings are known, such as an environment, cannot hold the one that they say.
 *
 * @param there services that are not switched off, and programs of the machine
 */
export function absenceProblems(
  there: readonly Service[],
  relations: readonly ServiceRelation[],
  looks: Looks,
  { flows, settings }: FileContext,
): Problem[] {
  const isOn = (name: string): boolean => there.some((own) => own.name === name);
  const asking = begunBy(there, relations).flatMap((relation): Problem[] => {
    const { from, to, wire, use } = relation;
    const { machine } = use.to;
    if (!isThere(relation.ends, flows)) {
      if (looks(from, wire, "has")) return [];
      return [machine === undefined ? switchedOff(wireOf(relation), to, from, settings) : nowhere(machine.name, from)];
    }
    const { authenticatedBy: login } = use;
    if (login !== undefined && !isOn(login.name))
      return [switchedOff(`${wireOf(relation)}.authenticatedBy`, login.name, to, settings)];
    const tlsName = machine && own(settings.machines, machine.name)?.tlsName;
    if (machine === undefined || tlsName === undefined || !looks(from, wire, "facts")) return [];
    const expected = `no name: ${from} says whom it asks before settings are known`;
    return [{ property: `garrison:machines.${machine.name}.tlsName`, found: tlsName, expected }];
  });
  return [...asking, ...there.flatMap((server) => unopened(server, relations, isOn, settings))];
}

/** A server that lets nobody in without a login, and whose clients the settings switch off. */
function unopened(
  { name, blueprint }: Service,
  relations: readonly ServiceRelation[],
  isOn: (name: string) => boolean,
  settings: Pick<Settings, "services">,
): Problem[] {
  const clients = relations.filter(({ to }) => to === name).map(({ from }) => from);
  const off = clients.find((client) => isOff(settings, client));
  if (blueprint.serves?.login === undefined || off === undefined || clients.some(isOn)) return [];
  return [switchedOff(`services.${name}`, off, name, settings)];
}

/** Whether the other end is not switched off. */
export function isThere(
  { from, to }: Pick<ServiceRelation, "from" | "to">,
  flows: readonly Pick<ServiceRelation, "from" | "to">[],
): boolean {
  return flows.some((flow) => flow.from === from && flow.to === to);
}

/** Somebody who is switched off, and another who cannot do without. */
export function switchedOff(
  property: string,
  off: string,
  other: string,
  settings: Pick<Settings, "services">,
): Problem {
  const told = { property, found: `${off}, which is switched off` };
  if (!isOff(settings, off))
    return { ...told, expected: `a client that can do without it, or ${other} switched off too` };
  const expected = `${off} switched on, or ${other} off too`;
  return { ...told, expected, fix: removeCommand(["services", off]) };
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
