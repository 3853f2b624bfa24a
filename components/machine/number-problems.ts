import type { Problem } from "../lib/problems.ts";
import { packageCommands } from "./commands.ts";
import type { Commands } from "./commands.ts";
import type { MachineDefinition } from "./machine-definition.ts";

/** What is wrong with a machine's lock of numbers, and what it has no number for. */
export function numberProblems({ role, wiring }: MachineDefinition, commands: Commands = packageCommands): Problem[] {
  if (wiring === undefined) return [];
  const { problems, missing } = wiring.numbers;
  const without = missing.map((key) => ({
    property: `numbers.${key}`,
    found: "nothing",
    expected: "a number of its own, which nobody had before",
    fix: commands.numbers(role),
  }));
  return [...problems, ...without];
}
