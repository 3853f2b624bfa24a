import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseImageLock } from "#components/container/image-lock.ts";
import { readJsonFile } from "#components/lib/json-file.ts";
import { ProblemsError } from "#components/lib/problems.ts";
import { machineReachability } from "#components/machine/machine-reachability.ts";
import { missingServices, switchProblems, withoutServices } from "#components/machine/present-services.ts";
import type { MissingService } from "#components/machine/present-services.ts";
import type { Reachability } from "#components/network/reachability.ts";
import { settingsSchema } from "#stacks/settings.ts";
import { commands } from "#stacks/commands.ts";
import { problem, ProblemReport } from "#helpers/terminal/report.ts";
import { readStackFile, settingsOf, settingsReport } from "../settings/stack-file.ts";
import { machineOf } from "../status/machines.ts";

/** What the answers depend on; a stack whose other settings are not in order yet can be asked about all the same. */
const networkSettings = settingsSchema
  .pick({
    machine: true,
    estate: true,
    network: true,
    lan: true,
    resolvers: true,
    publish: true,
    machines: true,
    services: true,
    imagesLock: true,
  })
  .partial({ machine: true, estate: true });

/** What reaches what on a stack's machine, and which of its services are switched off and so not asked about. */
interface StackReachability {
  readonly reach: Reachability;
  readonly switchedOff: readonly MissingService[];
}

/**
 * What reaches what on a stack's machine, by its committed settings.
 *
 * @param lab as in a lab, where a stand-in holds the place of each service without a program
 * @throws {ProblemReport} when there is no such stack, or its networks are not in order
 */
export function stackReachability(stack: string, checkout: string, lab: boolean): StackReachability {
  const name = `Pulumi.${stack}.yaml`;
  const file = join(checkout, name);
  if (!/^[\w.-]+$/.test(stack) || !existsSync(file)) throw unknownStack(stack, `no ${name}`);
  const settings = settingsOf(stack, networkSettings, readStackFile(file, Object.keys(networkSettings.shape)));
  const definition = machineOf(settings.machine ?? stack);
  if (definition === undefined) throw unknownStack(stack, "a machine without containers");
  const switches = switchProblems(definition, settings);
  if (switches.length > 0) throw settingsReport(stack, switches);
  try {
    const lock = join(checkout, settings.imagesLock ?? "images.lock.json");
    const images = parseImageLock(readJsonFile(lock, `git checkout -- ${lock}`), lock);
    const switchedOff = missingServices(definition, images, { lab, services: settings.services });
    const present = withoutServices(definition, switchedOff);
    return {
      reach: machineReachability(present, { ...settings, estate: settings.estate ?? definition.role }, commands),
      switchedOff,
    };
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    throw new ProblemReport("What reaches what on this machine cannot be told", error.problems);
  }
}

function unknownStack(stack: string, found: string): ProblemReport {
  return problem("There is no such machine", {
    property: `--stack ${stack}`,
    found,
    expected: "a stack whose machine is there: office",
    fix: "npm run reach -- openclaw-gateway --stack office",
  });
}
