import * as pulumi from "@pulumi/pulumi";
import { giveNumbers, NUMBERS } from "../wiring/give-numbers.ts";
import type { StackDefinition } from "./stack-definition.ts";

/** The machines as they are once their locks are written, where the program runs for that. */
export async function numberWhatIsNew(stacks: readonly StackDefinition[]): Promise<readonly StackDefinition[]> {
  if (process.env[NUMBERS] !== "write") return stacks;
  return Promise.all(stacks.map(numbered));
}

async function numbered(stack: StackDefinition): Promise<StackDefinition> {
  const { machine } = stack;
  const { wiring } = machine;
  if (wiring === undefined) return stack;
  const { file, wanted } = wiring.numbers;
  const news = giveNumbers(file, wanted);
  await pulumi.log.info(`${file}: ${news.length === 0 ? "everything has its number" : `new: ${news.join(", ")}`}`);
  return { ...stack, machine: { ...machine, wiring: { ...wiring, numbers: { ...wiring.numbers, missing: [] } } } };
}
