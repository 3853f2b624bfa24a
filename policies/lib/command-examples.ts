import { commandType } from "./command-texts.ts";
import type { Example } from "./rule.ts";

/** An example of a rule on commands: one command on this host. */
export function run(title: string, create: string): Example {
  return { title, resources: [{ type: commandType.local, name: "run", properties: { create } }] };
}
