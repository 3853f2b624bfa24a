import { execa } from "execa";
import { z } from "zod";
import { checkout } from "#helpers/files/directories.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { problem } from "#helpers/terminal/report.ts";
import { commandFor, doctorFor } from "./choice.ts";
import type { Session } from "./session.ts";
import { parseExport } from "./state.ts";
import type { EngineState } from "./state.ts";

const commandSchema = z.object({
  create: z.string(),
  stdin: z.string(),
  environment: z.record(z.string(), z.string()).optional(),
});

/** What to say when a recorded command fails. */
interface Rerun {
  /** `PID limits cannot be set back` */
  readonly title: string;
  readonly expected: string;
  /** The command that tries it again. */
  readonly again: string;
}

/**
 * Runs the host commands again that the state records for the components of a type: the engine itself would not, because
 * nothing that it knows has changed. Where the commands hold secrets, it takes a state from {@link openState}.
 */
export async function runRecorded(state: EngineState, type: string, rerun: Rerun): Promise<void> {
  const owners = new Set(state.resources.filter((resource) => resource.type === type).map(({ urn }) => urn));
  const commands = state.resources.filter(({ parent }) => parent !== undefined && owners.has(parent));
  for (const { inputs } of commands) await apply(commandSchema.parse(inputs), rerun);
}

/** The plain outputs of the components of a type that fit the schema. */
export function outputsOf<T>({ resources }: EngineState, type: string, schema: z.ZodType<T>): T[] {
  return resources
    .filter((resource) => resource.type === type)
    .flatMap(({ outputs }) => {
      const parsed = schema.safeParse(outputs);
      return parsed.success ? [parsed.data] : [];
    });
}

/** The state with its secrets in clear. It is never written anywhere. */
export async function openState({ estate, toolchain, environment }: Session): Promise<EngineState> {
  const exported = await execa(toolchain.pulumi, ["stack", "export", "--show-secrets", "--non-interactive"], {
    cwd: checkout,
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  if (exported.exitCode === 0) return parseExport(exported.stdout);
  throw problem("The secrets in the state cannot be read", {
    property: estate.files.passphrase,
    found: exported.stderr,
    expected: "the passphrase with which the state was written",
    fix: commandFor(estate, "doctor"),
  });
}

async function apply(command: z.infer<typeof commandSchema>, { title, expected, again }: Rerun): Promise<void> {
  const { create, stdin, environment = {} } = command;
  const ended = await execa("/bin/sh", ["-c", create], { input: stdin, env: environment, reject: false });
  if (ended.exitCode === 0) return;
  throw problem(title, {
    property: "host script",
    found: firstText(ended.stderr, ended.shortMessage),
    expected,
    fix: `${doctorFor(again)}, then ${again}`,
  });
}
