import { execa } from "execa";
import { z } from "zod";
import { firstText } from "../lib/first-text.ts";
import { problem } from "../lib/report.ts";
import type { EngineState } from "./state.ts";

const commandSchema = z.object({
  create: z.string(),
  stdin: z.string(),
  environment: z.record(z.string(), z.string()).optional(),
});

/** A script for a host, as the state keeps it. */
export type HostCommand = z.infer<typeof commandSchema>;

/** The host scripts of the components of a type: commands of theirs in the state. */
export function commandsOf(state: EngineState, type: string): HostCommand[] {
  const owners = new Set(state.resources.filter((resource) => resource.type === type).map(({ urn }) => urn));
  return state.resources
    .filter(({ parent }) => parent !== undefined && owners.has(parent))
    .map(({ inputs }) => commandSchema.parse(inputs));
}

/** What the components of a type said of themselves. */
export function outputsOf<T>(state: EngineState, type: string, schema: z.ZodType<T>): T[] {
  return state.resources
    .filter((resource) => resource.type === type)
    .flatMap(({ outputs }) => {
      const parsed = schema.safeParse(outputs);
      return parsed.success ? [parsed.data] : [];
    });
}

/** Runs a host script again, as the engine ran it. `title` says what could not be done when it fails. */
export async function applyAgain(
  { create, stdin, environment = {} }: HostCommand,
  title: string,
  again: string,
): Promise<void> {
  const ended = await execa("/bin/sh", ["-c", create], { input: stdin, env: environment, reject: false });
  if (ended.exitCode === 0) return;
  throw problem(title, {
    subject: "host script",
    found: firstText(ended.stderr, ended.shortMessage),
    expected: "a host as the estate wants it",
    next: `npm run doctor, then ${again}`,
  });
}
