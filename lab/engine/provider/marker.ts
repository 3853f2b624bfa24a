/** Every state that our plugins write names its writer; a state without the mark is the official plugin's. */
import type { Properties } from "@garrison/helpers/pulumi/values.ts";

export const markerKey = "__garrisonLab";

export function marker(plugin: { name: string; version: string }): Properties {
  return { [markerKey]: `${plugin.name}@${plugin.version}` };
}

/** Refuses to touch what the official plugin made: it may mean another daemon, and other rules. */
export function requireMarker(plugin: { name: string; version: string }, urn: string, state: Properties): void {
  const written = state[markerKey];
  if (typeof written === "string" && written.startsWith(`${plugin.name}@`)) return;
  throw new Error(
    `${urn}: this state was written by the official ${plugin.name} plugin, and the lab's ${plugin.name} plugin ` +
      `leaves it alone. Use the official CLI and plugins with this stack, or select a stack of the lab ` +
      `(pulumi stack select).`,
  );
}
