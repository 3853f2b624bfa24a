import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";
import type { Logging } from "./rules.ts";
import type { Secrecy } from "./secrecy.ts";

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

export interface Transcript {
  /** Follows a stream of the command, and shows its lines as they come where that is wanted. */
  follow(stream: Readable, name: keyof CommandOutput): void;
  /** All that was written; one newline at the end is dropped. */
  output(): CommandOutput;
}

/**
 * Collects what a command prints and shows it line by line. What a command prints that was fed a secret may be the
 * secret itself, so it is not shown, whatever `logging` says.
 */
export function transcript(logging: Logging, secrecy: Secrecy, show: (line: string) => void): Transcript {
  const collected: Record<keyof CommandOutput, string> = { stdout: "", stderr: "" };
  const shown = (name: keyof CommandOutput) => !secrecy.tainted && (logging === "stdoutAndStderr" || logging === name);
  return {
    follow: (stream, name) => {
      const decoder = new StringDecoder("utf8");
      let line = "";
      const take = (text: string) => {
        collected[name] += text;
        if (!shown(name)) return;
        const lines = (line + text).split("\n");
        line = lines.pop() ?? "";
        lines.forEach(show);
      };
      stream.on("data", (chunk: Buffer) => {
        take(decoder.write(chunk));
      });
      stream.on("end", () => {
        take(decoder.end());
        if (line !== "") show(line);
      });
    },
    output: () => ({ stdout: withoutNewline(collected.stdout), stderr: withoutNewline(collected.stderr) }),
  };
}

function withoutNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
