/** What the engine tells the language host on its command line. */
export interface HostArguments {
  readonly engineAddress: string;
  readonly tracing: string | undefined;
}

const valued = new Set(["tracing", "engine"]);

/** Reads `[--logtostderr] [-v=N] [--tracing URL] <engine-address>`; flags that say how to log are of no use here. */
export function parseHostArguments(argv: readonly string[]): HostArguments {
  let engineAddress = "";
  let tracing: string | undefined;
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? "";
    const flag = /^--?(?<name>[a-z]+)(?:=(?<value>.*))?$/.exec(argument)?.groups;
    if (flag?.name !== undefined && valued.has(flag.name)) {
      const value = flag.value ?? argv[++index] ?? "";
      if (flag.name === "tracing") tracing = value;
      else engineAddress = value;
    } else if (!argument.startsWith("-")) engineAddress = argument;
  }
  return { engineAddress, tracing };
}

/** Splits Pulumi.yaml's `nodeargs` at blanks; quotes hold an argument together. */
export function splitArguments(line: string): string[] {
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

/**
 * The Node flags of a program: Pulumi.yaml's `nodeargs`. With GARRISON_DEBUG set, a flag that switches stack traces
 * off (it makes the SDK several times faster) is left out, so that errors show where they come from.
 */
export function nodeArguments(nodeargs: unknown, environment: NodeJS.ProcessEnv): string[] {
  const wanted = typeof nodeargs === "string" ? splitArguments(nodeargs) : [];
  if (!environment.GARRISON_DEBUG) return wanted;
  return wanted.filter((flag) => !flag.startsWith("--stack-trace-limit"));
}

/**
 * The arguments for the SDK's plugin runners. They read a bare `--logtostderr` as a flag with a value and would
 * swallow the engine's address that follows it.
 */
export function runnerArguments(argv: readonly string[]): string[] {
  return argv.map((argument) => (argument === "--logtostderr" ? "--logtostderr=true" : argument));
}

/** The first text that is not empty: a field left out of a protocol message reads as "". */
export function firstFilled(...texts: readonly (string | undefined)[]): string {
  return texts.find((text) => text !== undefined && text !== "") ?? "";
}
