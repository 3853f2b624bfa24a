import type { Process } from "./process.ts";
import type { Stream, Word } from "./script.ts";

/** What the shell's own commands change in its process. */
export function builtin(name: string, words: readonly Word[], stdin: Stream, process: Process): void {
  const argv = words.map(({ text }) => text);
  const { variables } = process;
  switch (name) {
    case "cd":
    case "pushd":
      process.directory = argv[1] === undefined || /^[-$]/.test(argv[1]) ? undefined : process.path(argv[1]);
      break;
    case "export":
    case "declare":
    case "typeset":
    case "local":
    case "readonly":
      for (const word of words.slice(1)) variables.declare(word, name);
      break;
    case "read":
    case "mapfile":
    case "readarray":
      for (const variable of argv.slice(1).filter((word) => /^[A-Za-z_]\w*$/.test(word)))
        process.set(variable, stdin.text?.trim(), stdin);
      break;
    case "set":
      if (argv[1] === "--") variables.setArguments([variables.text("0"), ...argv.slice(2)]);
      break;
    case "alias":
      for (const word of argv.slice(1)) variables.alias(word);
      break;
    default:
  }
}
