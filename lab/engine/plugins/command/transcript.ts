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
  /** A line was too long to be shown: the official plugin's command never ends then. */
  stuck(): boolean;
}

/** Bytes: what reads the log there takes no line of this length (bufio.MaxScanTokenSize), and nothing reads it any more. */
const longestLine = 64 * 1024;

/** Collects what a command prints and shows it line by line, be it secret or not, as the official plugin does. */
export function transcript(logging: Logging, show: (line: string) => void): Transcript {
  const collected: Record<keyof CommandOutput, string> = { stdout: "", stderr: "" };
  let together = "";
  let stuck = false;
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
        stuck ||= [...lines, line].some((one) => Buffer.byteLength(one) >= longestLine);
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
    stuck: () => stuck,
  };
}

function withoutNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
