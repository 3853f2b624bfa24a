import type { Client, ClientChannel } from "ssh2";
import { abortReason } from "./local.ts";
import type { Run } from "./run.ts";
import type { CommandOutput } from "./transcript.ts";

const graceMs = 5000;

/**
 * Reads the environment from the start of the input, byte by byte so that the command gets the rest, and hands over to
 * the user's own shell. Servers refuse variables that are sent beside the command, and a command line can be read by
 * everybody on the machine.
 */
const readEnvironment =
  'IFS= read -r garrison_length; eval "$(dd bs=1 count="$garrison_length" 2>/dev/null)"; unset garrison_length; ' +
  'exec "${SHELL:-/bin/sh}" -c "$1"';

/** Runs a command over an open connection. */
export async function runRemotely(client: Client, run: Run): Promise<CommandOutput> {
  const { line, input } = commandLine(run);
  const channel = await execute(client, line);
  run.transcript.follow(channel, "stdout");
  run.transcript.follow(channel.stderr, "stderr");
  const stop = () => {
    channel.signal("TERM");
    // A server that does not pass signals on ends the command at the latest with the connection.
    setTimeout(() => client.destroy(), graceMs).unref();
  };
  run.signal.addEventListener("abort", stop, { once: true });
  try {
    const finished = ended(client, channel);
    channel.on("error", () => undefined); // a command that does not read its input
    channel.end(input);
    const { code, signal } = await finished;
    if (run.signal.aborted) throw run.failure(`was stopped (${abortReason(run.signal)})`);
    if (signal !== undefined) throw run.failure(`was ended by SIG${signal}`);
    if (code === undefined) throw run.failure("was cut off: the connection was lost");
    if (code !== 0) throw run.failure(`ended with exit code ${code}`);
    return run.transcript.output();
  } finally {
    run.signal.removeEventListener("abort", stop);
  }
}

/** What to run and what to feed it. */
export function commandLine(run: Pick<Run, "command" | "environment" | "stdin">): { line: string; input: string } {
  const variables = Object.entries(run.environment).map(([name, value]) => `export ${name}=${quote(value)}\n`);
  if (variables.length === 0) return { line: run.command, input: run.stdin };
  const exports = variables.join("");
  return {
    line: `/bin/sh -c ${quote(readEnvironment)} sh ${quote(run.command)}`,
    input: `${Buffer.byteLength(exports)}\n${exports}${run.stdin}`,
  };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function execute(client: Client, line: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error) reject(error);
      else resolve(channel);
    });
  });
}

interface RemoteEnd {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

function ended(client: Client, channel: ClientChannel): Promise<RemoteEnd> {
  return new Promise((resolve) => {
    let end: RemoteEnd = { code: undefined, signal: undefined };
    channel.once("exit", (code: number | null, signal?: string) => {
      end = { code: code ?? undefined, signal };
    });
    channel.once("close", () => {
      resolve(end);
    });
    client.once("close", () => {
      resolve(end);
    });
  });
}
