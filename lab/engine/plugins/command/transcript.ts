import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";
import type { Logging } from "./rules.ts";

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

export interface Transcript {
  /** Follows a stream of the command, and shows its lines as they come where that is wanted. */
  follow(stream: Readable, name: keyof CommandOutput): void;
  /** All that was written; one newline at the end is dropped. */
  output(): CommandOutput;
  /** Both streams together, in the order in which they came. */
  said(): string;
}

/** Collects what a command prints and shows it line by line, be it secret or not, as the official plugin does. */
export function transcript(logging: Logging, show: (line: string) => void): Transcript {
  const collected: Record<keyof CommandOutput, string> = { stdout: "", stderr: "" };
  let together = "";
  return {
    follow: (stream, name) => {
      const shown = logging === "stdoutAndStderr" || logging === name;
      const decoder = new StringDecoder("utf8");
      let line = "";
      const take = (text: string) => {
        collected[name] += text;
        together += text;
        if (!shown) return;
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
    said: () => together,
  };
}

function withoutNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
