import { commandsIn } from "./command-texts.ts";

/** A call of a container program's command line. */
export interface ContainerCommand {
  readonly program: string;
  /** `run`, `create`, `exec`, `update`. */
  readonly verb: string;
  /** Options in full, each with its values, in the order given; one without a value has the value `true`. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

const PROGRAM = /^(?:(?:\w+=)?[$({`]+)?(?:\S*\/)?(docker|podman|nerdctl)$/;
const VERBS = new Set(["run", "create", "exec", "update"]);

/** Options without a value; any other takes the next word unless it has one behind `=`. */
const FLAGS = new Set(
  (
    "detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged publish-all quiet " +
    "read-only rm sig-proxy tty debug tls tlsverify replace no-hosts"
  ).split(" "),
);

const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    P: "publish-all",
    a: "attach",
    c: "cpu-shares",
    d: "detach",
    e: "env",
    h: "hostname",
    i: "interactive",
    l: "label",
    m: "memory",
    p: "publish",
    q: "quiet",
    t: "tty",
    u: "user",
    v: "volume",
    w: "workdir",
  }),
);

/** Options by another name. */
const ALIASES: ReadonlyMap<string, string> = new Map([["net", "network"]]);

/** Every call in a shell text, also by way of sudo, ssh or another shell. */
export function containerCommandsIn(text: string): ContainerCommand[] {
  return commandsIn(text).flatMap((command) => {
    const words = command.split(/\s+/).map((word) => word.replace(/[)`}]+$/, ""));
    return words.flatMap((word, index) => {
      const program = PROGRAM.exec(word)?.[1];
      const call = program === undefined ? undefined : read(program, words.slice(index + 1));
      return call === undefined ? [] : [call];
    });
  });
}

function read(program: string, words: readonly string[]): ContainerCommand | undefined {
  const before = readOptions(words);
  const [first, second] = words.slice(before.next);
  const behind = first === "container" ? before.next + 2 : before.next + 1;
  const verb = first === "container" ? second : first;
  if (verb === undefined || !VERBS.has(verb)) return undefined;
  return { program, verb, options: readOptions(words.slice(behind)).options };
}

/** Options up to the first word that is none: the image, and what is behind it belongs to the program in it. */
function readOptions(words: readonly string[]) {
  const options = new Map<string, string[]>();
  let next = 0;
  while (next < words.length) {
    const word = words[next] ?? "";
    if (!word.startsWith("-") || word === "-" || word === "--") break;
    const { names, value } = word.startsWith("--") ? long(word) : short(word);
    next += 1;
    for (const [index, name] of names.entries()) {
      const takesValue = index === names.length - 1 && value === undefined && !FLAGS.has(name);
      const given = index < names.length - 1 ? "true" : (value ?? (takesValue ? (words[next] ?? "") : "true"));
      if (takesValue) next += 1;
      const known = options.get(name);
      if (known === undefined) options.set(name, [given]);
      else known.push(given);
    }
  }
  return { options, next };
}

function long(word: string): { names: string[]; value: string | undefined } {
  const [name = "", ...value] = word.slice(2).split("=");
  return { names: [ALIASES.get(name) ?? name], value: value.length === 0 ? undefined : value.join("=") };
}

/** `-it`, `-v /a:/b`, `-v/a:/b`, `-p=80:80`. */
function short(word: string): { names: string[]; value: string | undefined } {
  const names: string[] = [];
  const letters = word.slice(1);
  for (let index = 0; index < letters.length; index += 1) {
    const name = SHORT.get(letters.charAt(index)) ?? letters.charAt(index);
    names.push(name);
    const rest = letters.slice(index + 1);
    if (!FLAGS.has(name)) return { names, value: rest === "" ? undefined : rest.replace(/^=/, "") };
  }
  return { names, value: undefined };
}
