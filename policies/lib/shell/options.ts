/** Words of a command line, sorted by what they are. */
interface Options {
  /** Options in full, each with its values in the order given; one without a value has the value `true`. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** Index of the first word that is neither an option nor the value of one. */
  readonly next: number;
}

/** How a program reads its options. */
export interface Grammar {
  /** Options that take the next word unless a value is joined to them. */
  readonly valued: ReadonlySet<string>;
  /** Options that take none. What is in neither set is unknown. */
  readonly flags?: ReadonlySet<string>;
  /** Letters and other names of options. */
  readonly names?: ReadonlyMap<string, string>;
}

export const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ""));

/**
 * Options up to the first word that is none. After an unknown option the next word may be its value: it is taken for one
 * where another option follows, because then the words before the program's own are not yet at their end.
 */
export function readOptions(argv: readonly string[], grammar: Grammar, from = 0): Options {
  const options = new Map<string, string[]>();
  let next = from;
  while (next < argv.length) {
    const word = argv[next] ?? "";
    if (!word.startsWith("-") || word === "-") break;
    next += 1;
    if (word === "--") break;
    for (const [name, value] of named(word, grammar)) {
      const takes = value === undefined && takesNext(name, argv, next, grammar);
      const given = value ?? (takes ? (argv[next] ?? "") : "true");
      if (takes) next += 1;
      const known = options.get(name);
      if (known === undefined) options.set(name, [given]);
      else known.push(given);
    }
  }
  return { options, next };
}

/** The words that are no options, and the options wherever they stand among them, as most programs read them. */
export function readAnywhere(argv: readonly string[], grammar: Grammar, from = 0): Options & { operands: string[] } {
  const options = new Map<string, string[]>();
  const operands: string[] = [];
  let next = from;
  while (next < argv.length) {
    const read = readOptions(argv, grammar, next);
    for (const [name, values] of read.options) options.set(name, [...(options.get(name) ?? []), ...values]);
    const operand = argv[read.next];
    if (operand !== undefined) operands.push(operand);
    next = read.next + 1;
  }
  return { options, operands, next };
}

function takesNext(name: string, argv: readonly string[], next: number, grammar: Grammar): boolean {
  if (grammar.valued.has(name)) return next < argv.length;
  if (grammar.flags === undefined || grammar.flags.has(name)) return false;
  const [value = "-", behind = ""] = argv.slice(next, next + 2);
  return !value.startsWith("-") && behind.startsWith("-");
}

/** `--name`, `--name=value`; `-it`, `-v /a:/b`, `-v/a:/b`, `-p=80:80`. */
function named(word: string, grammar: Grammar): [string, string | undefined][] {
  const full = (name: string) => grammar.names?.get(name) ?? name;
  const long = /^--([^=]+)(?:=([^]*))?$/.exec(word);
  if (long !== null) return [[full(long[1] ?? ""), long[2]]];
  const found: [string, string | undefined][] = [];
  const letters = word.slice(1);
  for (let index = 0; index < letters.length; index += 1) {
    const name = full(letters.charAt(index));
    const rest = letters.slice(index + 1);
    if (rest.startsWith("=")) return [...found, [name, rest.slice(1)]];
    if (grammar.valued.has(name)) return [...found, [name, rest === "" ? undefined : rest]];
    found.push([name, undefined]);
  }
  return found;
}
