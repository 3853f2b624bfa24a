import type Docker from "dockerode";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { missingServices, withoutServices } from "#components/machine/present-services.ts";
import type { Estate } from "#lab/estate/estate.ts";
import { commandFor } from "../engine/choice.ts";
import { runtimeLines, runtimeReport } from "./runtime-report.ts";
import { readState, stackOutputs } from "../engine/state.ts";
import { IMAGE_LOCK, readImageLock } from "../images/lock-file.ts";
import { collectContainers } from "./collect.ts";
import { knownFaults } from "./known-faults.ts";
import { allWell, statusRows } from "./rows.ts";
import { renderFooter, renderMissing, renderTable } from "./table.ts";

interface ShowOptions {
  readonly json: boolean;
  /** What the run before changed, where there was one. */
  readonly changes?: string;
}

/** Prints how the estate is doing; returns the exit code: 0 when all is well. */
export async function showStatus(
  estate: Estate,
  definition: MachineDefinition,
  docker: Docker,
  options: ShowOptions,
): Promise<number> {
  const { scale, switchedOff = {} } = stackOutputs(await readState(estate.files, estate.stack));
  const off = Object.entries(switchedOff as Record<string, string>).map(([service, why]) => ({ service, why }));
  const present = withoutServices(definition, off);
  const rows = statusRows(present, estate.id, await collectContainers(docker, estate.id));
  const factor = typeof scale === "number" ? scale : undefined;
  const well = allWell(rows);
  const up = commandFor(estate, "up");
  const faults = well ? [] : await knownFaults(definition, { docker, estate: estate.id, again: up });
  // A deployment changes nothing about it; who asks for the state is told.
  const runtime = options.changes === undefined ? await runtimeReport() : undefined;
  // In the lab they are stand-ins; whoever deploys for real has to know that they will not be there.
  const missing = missingServices(present, await readImageLock(IMAGE_LOCK), { lab: false, services: {} });
  if (options.json) {
    const { id, name, stack, network } = estate;
    const result = {
      estate: { id, name, stack, network },
      well,
      scale: factor,
      changes: options.changes,
      services: rows,
      faults,
      runtime,
      off,
      missing,
    };
    console.log(JSON.stringify(result, undefined, 2));
  } else {
    console.log(renderTable(rows));
    console.log(renderFooter(rows, factor, up));
    for (const { property, found, fix = "" } of faults) console.log(`${property}: ${found}; type: ${fix}`);
    for (const line of runtime === undefined ? [] : runtimeLines(runtime)) console.log(line);
    if (off.length > 0) console.log(renderMissing("Switched off:", off));
    if (missing.length > 0) console.log(renderMissing("Switched off outside the lab:", missing));
  }
  return well ? 0 : 1;
}
