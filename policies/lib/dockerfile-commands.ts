import { quoted } from "./shell/quoted.ts";

/** An instruction of a Dockerfile with what stands behind it, heredocs included. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

const LARGEST = 262_144;
const HEREDOC = /<<(-?)(["']?)([A-Za-z_]\w*)\2/g;

/** The instructions of a Dockerfile, continued lines put together; comments are left out, but for a syntax line. */
export function instructionsOf(text: string): Instruction[] {
  const lines = text.slice(0, LARGEST).split(/\r?\n/);
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    let line = lines[at] ?? "";
    while (/[\\`][ \t]*$/.test(line) && at + 1 < lines.length) {
      at += 1;
      const next = lines[at] ?? "";
      line = /^\s*#/.test(next) ? line : `${line.replace(/[\\`][ \t]*$/, "")} ${next.trimStart()}`;
    }
    const [, name = "", rest = ""] = /^([A-Za-z]+)\s([^]*)$/.exec(line.trimStart()) ?? [];
    if (name === "") continue;
    const body: string[] = [];
    if (/^(run|copy|add)$/i.test(name)) {
      for (const [, dash = "", , end = ""] of rest.matchAll(HEREDOC)) {
        const isEnd = (one: string) => (dash === "" ? one : one.replace(/^\t+/, "")) === end;
        for (at += 1; at < lines.length; at += 1) {
          body.push(lines[at] ?? "");
          if (isEnd(lines[at] ?? "")) break;
        }
      }
    }
    found.push({ name: name.toUpperCase(), rest: [rest.trimStart(), ...body].join("\n") });
  }
  return found;
}

/** What a build runs, as one script: its directories and variables hold from one instruction to the next. */
export function scriptOfDockerfile(instructions: readonly Instruction[]): string {
  return instructions.flatMap(({ name, rest }) => lineOf(name, rest)).join("\n");
}

function lineOf(name: string, rest: string): string[] {
  switch (name) {
    case "RUN":
      return [commandOf(rest)];
    case "WORKDIR":
      return [`cd ${rest}`];
    case "ENV":
      return /^\w+=/.test(rest) ? [`export ${rest}`] : [];
    default:
      return [];
  }
}

/** `--mount=…` before the command is the build's own; words in JSON are a program and its arguments. */
export function commandOf(rest: string): string {
  const command = rest.replace(/^(?:--[\w-]+(?:=\S*)?\s+)*/, "");
  // A heredoc alone is the script itself, or the input of the program that stands before it.
  const [, end = "", body = ""] = /^<<-?["']?([A-Za-z_]\w*)["']?[ \t]*\n([^]*)$/.exec(command) ?? [];
  if (end !== "") return body.replace(new RegExp(`\\n?\\t*${end}\\s*$`), "");
  if (!command.startsWith("[")) return command;
  try {
    const words = JSON.parse(command) as unknown;
    return Array.isArray(words) ? words.map((word) => quoted(String(word))).join(" ") : command;
  } catch {
    return command;
  }
}
