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
  /**
   * The failure to report: the command and all that it printed, secrets among them, as the official plugin has it
   * (`run` in pkg/provider/local/commandOutputs.go and in remote's, 1.2.1).
   */
  failure(how: string): Error;
}

export interface RunRequest {
  /** The input that holds the command. */
  readonly input: "create" | "update" | "delete" | "command";
  readonly command: string;
  readonly stdin: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** What an earlier run printed, where the command is to see it. */
  readonly previous: CommandOutput | undefined;
  readonly logging: Logging;
}

export function prepareRun(request: RunRequest, signal: AbortSignal, show: (line: string) => void): Run {
  const record = transcript(request.logging, show);
  const { previous } = request;
  return {
    command: request.command,
    stdin: request.stdin ?? "",
    environment: {
      ...request.environment,
      ...(previous ? { PULUMI_COMMAND_STDOUT: previous.stdout, PULUMI_COMMAND_STDERR: previous.stderr } : {}),
    },
    transcript: record,
    signal,
    failure: (how) =>
      new Error([`the ${request.input} command ${how}: ${request.command}`, record.said()].filter(Boolean).join("\n")),
  };
}

/** What a run printed that ended well. @throws where the official plugin would wait for it for ever */
export function outputOf(run: Run): CommandOutput {
  if (!run.transcript.stuck()) return run.transcript.output();
  throw run.failure(
    "printed a line of 64 KiB or more, after which the official plugin waits for ever: print shorter ones, or set logging to none",
  );
}
