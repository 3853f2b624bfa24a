import { settingsOf } from "../components/estate/stack-definition.ts";
import { parseSettings as parse, settingsSchema as compose } from "../components/settings/settings.ts";
import type { Settings } from "../components/settings/settings.ts";
import { stacks } from "./machines.ts";
import type { MachineRole } from "./machines.ts";

const machines = Object.values(stacks).map(settingsOf);

/** Every setting of every machine of the estate. */
export const settingsSchema = compose(machines);

/** Settings of one of the estate's machines. */
export type EstateSettings = Settings & { readonly machine: MachineRole };

/** Reads a stack's settings: see {@link parse}. */
export function parseSettings(config: Readonly<Record<string, string>>, stack: string): EstateSettings {
  return parse(config, stack, machines) as EstateSettings;
}
