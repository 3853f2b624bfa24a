import type { MachineInput } from "#components/machine/plan-machine.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { sideOf } from "#scripts/report/plan/planned-side.ts";
import { reportOn } from "#scripts/report/report.ts";
import type { Report } from "#scripts/report/report.ts";
import { flat } from "#scripts/report/phrase.ts";
import type { Side } from "#scripts/report/side.ts";
import { anInput, definition } from "../../components/machine/example.ts";

export const AS_OF = "2026-11-25";

/** What a made-up machine plans. */
export function sideFor(changes: Partial<MachineInput> = {}): Promise<Side> {
  const input = anInput(changes);
  return sideOf("office", { machine: input.definition }, planMachine(input), { shown: (image) => image }, AS_OF);
}

/** The example's machine, with one service and other parts changed. */
export function machineWith(
  name: string,
  service: Partial<ServiceSpec>,
  changes: Partial<MachineDefinition> = {},
): Pick<MachineInput, "definition"> {
  const services = definition.services.map((own) => (own.name === name ? { ...own, ...service } : own));
  return { definition: { ...definition, services, ...changes } };
}

export function compared(before: Side, after: Side): Report {
  return reportOn(before, after, { name: "office", before: "one", after: "two", asOf: AS_OF });
}

/** Each change as one line. */
export function told(before: Side, after: Side): string[] {
  return compared(before, after).changes.map(({ kind, sign, phrase }) => `${kind} ${sign}: ${flat(phrase)}`);
}

/** A side on which nothing is; a test says what is. */
export const empty: Side = {
  ...{ version: 1, stack: "office", source: "plan" },
  ...{
    paths: [],
    proxied: [],
    openings: [],
    credentials: [],
    powers: [],
    secrets: [],
    stores: [],
    mounts: [],
    runs: [],
  },
  ...{ networks: [], commands: [], waivers: [], findings: [], rules: [], switchedOff: [], steps: [], counts: {} },
};
