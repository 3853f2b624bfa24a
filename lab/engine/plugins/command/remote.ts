import { randomBytes } from "node:crypto";
import type { Client, ClientChannel } from "ssh2";
import { announcement } from "./announcement.ts";
import { abortReason } from "./local.ts";
import { outputOf } from "./run.ts";
import type { Run } from "./run.ts";
import type { CommandOutput } from "./transcript.ts";

const graceMs = 5000;

/**
 * Reads the environment from the start of the input, byte by byte so that the command gets the rest, and hands over to
 * the user's own shell. Servers refuse variables that are sent beside the command, and a command line can be read by
 * everybody on the machine. A connection that is lost in the middle must not start the command with half of it.
 */
const readEnvironment = [
  "IFS= read -r garrison_length || exit 255",
  'eval "$(dd bs=1 count="$garrison_length" 2>/dev/null)"',
  '[ "$garrison_complete" = yes ] || exit 255',
  "unset garrison_length garrison_complete",
].join("; ");
const handOver = 'exec "${SHELL:-/bin/sh}" -c "$1"';

/** Runs a command over an open connection. */
export async function runRemotely(client: Client, run: Run): Promise<CommandOutput> {
  const announced = announcement(`garrison-${randomBytes(8).toString("hex")}`);
  const channel = await execute(client, commandLine(run.command, announced.script));
  run.transcript.follow(channel, "stdout");
  run.transcript.follow(channel.stderr.pipe(announced.rest), "stderr");
  let insist: NodeJS.Timeout | undefined;
  const stop = () => {
    insist = stopGroup(client, announced.group());
  };
  run.signal.addEventListener("abort", stop, { once: true });
  if (run.signal.aborted) stop();
  try {
    const finished = ended(client, channel);
    channel.on("error", () => undefined); // a command that does not read its input
    channel.end(input(run));
    const { code, signal } = await finished;
    if (run.signal.aborted) throw run.failure(`was stopped (${abortReason(run.signal)})`);
    if (signal !== undefined) throw run.failure(`was ended by SIG${signal}`);
    if (code === undefined) throw run.failure("was cut off: the connection was lost");
    if (code !== 0) throw run.failure(`ended with exit code ${code}`);
    return outputOf(run);
  } finally {
    run.signal.removeEventListener("abort", stop);
    clearTimeout(insist);
  }
}

function commandLine(command: string, announce: string): string {
  return `/bin/sh -c ${quote([announce, readEnvironment, handOver].join("; "))} sh ${quote(command)}`;
}

/** The environment as shell text, after its length, and then what the command itself is to read. */
function input({ environment, stdin }: Run): string {
  const exports = Object.entries(environment)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join("");
  const script = `${exports}garrison_complete=yes\n`;
  return `${Buffer.byteLength(script)}\n${script}${stdin}`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** By a second command: servers do not pass a signal on to what root started. Insists, then hangs up. */
function stopGroup(client: Client, group: number | undefined): NodeJS.Timeout | undefined {
  if (group === undefined) {
    client.destroy();
    return undefined;
  }
  client.exec(`kill -TERM -${group}`, () => undefined);
  return setTimeout(() => {
    client.exec(`kill -KILL -${group}`, (error, channel) => {
      if (error) client.end();
      // Not before the other side has done it.
      else channel.on("close", () => client.end()).resume();
    });
  }, graceMs);
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
