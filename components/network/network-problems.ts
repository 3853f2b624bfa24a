import type { Problem } from "../lib/problems.ts";
import type { MachineDefinition } from "../machine/machine-definition.ts";
import { flowProblems } from "./flow-problems.ts";
import { proxyProblems } from "./proxy-problems.ts";
import { settingProblems } from "./setting-problems.ts";
import type { AddressSettings } from "./setting-problems.ts";
import { unwantedPaths } from "./unwanted-paths.ts";
import { wayOutProblems } from "./way-out-problems.ts";

/** Everything in which a machine's networks are not what its flows say. */
export function networkProblems(definition: MachineDefinition, settings: AddressSettings): Problem[] {
  return [
    ...settingProblems(settings),
    ...flowProblems(definition),
    ...unwantedPaths(definition),
    ...wayOutProblems(definition),
    ...proxyProblems(definition),
  ];
}
