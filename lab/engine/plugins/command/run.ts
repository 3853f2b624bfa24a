import type { Secrecy } from "./secrecy.ts";
import { transcript } from "./transcript.ts";
import type { CommandOutput, Transcript } from "./transcript.ts";
import type { Logging } from "./rules.ts";

/** One run of a command, here or elsewhere. */
export interface Run {
  readonly command: string;
  readonly stdin: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly transcript: Transcript;
  /** Aborted when the command is to be stopped. */
  readonly signal: AbortSignal;
  /** The failure to report, without anything secret. */
  failure(how: string): Error;
}

/** The end of a command's output is where it says what went wrong. */
const shownOnFailure = 2000;

export interface RunWish {
  /** The input that holds the command. */
  readonly input: "create" | "update" | "delete" | "command";
  readonly command: string;
  readonly stdin: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** What an earlier run printed, where the command is to see it. */
  readonly previous: CommandOutput | undefined;
  readonly logging: Logging;
}

export function prepareRun(wish: RunWish, secrecy: Secrecy, signal: AbortSignal, show: (line: string) => void): Run {
  const record = transcript(wish.logging, secrecy, show);
  const { previous } = wish;
  return {
    command: wish.command,
    stdin: wish.stdin ?? "",
    environment: {
      ...wish.environment,
      ...(previous ? { PULUMI_COMMAND_STDOUT: previous.stdout, PULUMI_COMMAND_STDERR: previous.stderr } : {}),
    },
    transcript: record,
    signal,
    failure: (how) => {
      const { stdout, stderr } = record.output();
      const text = secrecy.hides(wish.input) ? "(the command is secret)" : wish.command;
      const said = secrecy.redact([stdout, stderr].filter(Boolean).join("\n")).slice(-shownOnFailure);
      return new Error([`the ${wish.input} command ${how}: ${text}`, said].filter(Boolean).join("\n"));
    },
  };
}
