import { resolve } from "node:path";
import { deploy as deployStack } from "../components/estate/deploy.ts";
import { commands } from "./commands.ts";
import { stacks } from "./machines.ts";

/** Deploys the machine that the selected stack names, and returns the stack's outputs. */
export function deploy(): Promise<Record<string, unknown>> {
  return deployStack(Object.values(stacks), { directory: resolve(import.meta.dirname, ".."), commands });
}
