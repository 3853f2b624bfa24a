import { randomBytes } from "node:crypto";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { pluginVersions } from "@garrison/helpers/pulumi/versions.ts";
import { z } from "zod";
import type { Context, ProviderDefinition, ResourceDefinition } from "#provider/definition.ts";
import { failuresOf } from "#provider/rules.ts";
import { loadSchema } from "#provider/schema.ts";
import { copyToRemote, sourceRules } from "./copy.ts";
import { withConnection } from "./dial.ts";
import { runLocally } from "./local.ts";
import { runRemotely } from "./remote.ts";
import { connectionRules, localRules, remoteRules } from "./rules.ts";
import type { LocalCommand } from "./rules.ts";
import { prepareRun } from "./run.ts";
import type { Run } from "./run.ts";
import type { CommandOutput } from "./transcript.ts";

type CommandContext = Context<undefined>;
type Moment = "create" | "update" | "delete";
/** What both kinds of command have in common. */
type AnyCommand = Omit<LocalCommand, "dir" | "interpreter">;

const globReason = "collecting files is left out of the lab; read them in the program";
const globs = { assetPaths: globReason, archivePaths: globReason };
const copyRules = z.object({ connection: connectionRules, source: sourceRules, remotePath: z.string().min(1) });

const local = commandResource("command.local.Command", localRules, (command, run) => runLocally(run, options(command)));
const remote = commandResource("command.remote.Command", remoteRules, ({ connection }, run) =>
  withConnection(connection, run.signal, (client) => runRemotely(client, run)),
);

/** The lab's stand-in for the command provider. */
export const commandProvider: ProviderDefinition<undefined> = {
  name: "command",
  version: pluginVersions.command,
  schema: loadSchema("command"),
  configure: () => undefined,
  resources: {
    "command:local:Command": { ...local, unsupported: globs },
    "command:remote:Command": remote,
    "command:remote:CopyToRemote": {
      check: (inputs) => failuresOf("command.remote.CopyToRemote", copyRules, inputs),
      create: async (inputs, context) => {
        await copy(inputs, context);
        return { id: identifier(context), outputs: {} };
      },
      update: async (_id, { inputs }, context) => {
        await copy(inputs, context);
        return {};
      },
    },
  },
  notes: [
    "Behaves as the official plugin does with secrets, faults included: [case by case](lab-plugin-command.md).",
    "Connections are made to known hosts only, where the official plugin takes any key: without `connection.hostKey`, and `connection.proxy.hostKey` where there is a proxy, a preview passes and a deployment is refused before anything is dialled.",
  ],
  invokes: {
    "command:local:run": async (args, context) => {
      const { command, ...inputs } = runRules.parse(args);
      const request = { ...inputs, input: "command", command, stdin: inputs.stdin, previous: undefined } as const;
      const run = prepareRun(request, context.signal, (line) => {
        context.log(line);
      });
      return { ...args, ...(await runLocally(run, options(inputs))) };
    },
  },
};

const runRules = localRules.omit({ create: true, update: true, delete: true }).extend({
  command: z.string(),
  ...Object.fromEntries(Object.keys(globs).map((name) => [name, z.undefined({ error: globReason }).optional()])),
});

function options({ dir, interpreter }: Pick<LocalCommand, "dir" | "interpreter">) {
  return { dir, interpreter };
}

function commandResource<Command extends AnyCommand>(
  label: string,
  rules: z.ZodType<Command>,
  execute: (command: Command, run: Run) => Promise<CommandOutput>,
): ResourceDefinition<undefined> {
  const perform = async (moment: Moment, inputs: Properties, old: Properties | undefined, context: CommandContext) => {
    const command = rules.parse(inputs);
    const chosen = chooseCommand(moment, command);
    if (chosen === undefined) return undefined;
    const previous = old && command.addPreviousOutputInEnv ? previousOutput(old) : undefined;
    const request = {
      ...chosen,
      stdin: command.stdin,
      environment: command.environment,
      logging: command.logging,
      previous,
    };
    return execute(
      command,
      prepareRun(request, context.signal, (line) => {
        context.log(line);
      }),
    );
  };
  return {
    check: (inputs) => failuresOf(label, rules, inputs),
    unknownOnUpdate: () => ["stdout", "stderr"],
    create: async (inputs, context) => {
      const output = await perform("create", inputs, undefined, context);
      return { id: identifier(context), outputs: { stdout: "", stderr: "", ...output } };
    },
    update: async (_id, { inputs, oldOutputs }, context) => ({
      ...(await perform("update", inputs, oldOutputs, context)),
    }),
    delete: async (_id, { inputs, outputs }, context) => {
      await perform("delete", inputs, outputs, context);
    },
  };
}

/** An update without a command of its own repeats the creation. */
function chooseCommand(moment: Moment, command: AnyCommand): { input: Moment; command: string } | undefined {
  const candidates: readonly Moment[] = moment === "update" ? ["update", "create"] : [moment];
  const input = candidates.find((name) => command[name] !== undefined);
  return input === undefined ? undefined : { input, command: command[input] ?? "" };
}

function previousOutput(old: Properties): CommandOutput {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { stdout: text(old.stdout), stderr: text(old.stderr) };
}

async function copy(inputs: Properties, context: CommandContext): Promise<void> {
  const { connection, source, remotePath } = copyRules.parse(inputs);
  await withConnection(connection, context.signal, (client) => copyToRemote(client, source, remotePath));
}

function identifier({ name }: CommandContext): string {
  return name + randomBytes(4).toString("hex");
}
