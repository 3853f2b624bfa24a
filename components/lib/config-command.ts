import { shellQuote } from "./shell.ts";

/** Keys and indexes below the namespace `garrison`: `["pages", "origins", 0]`. */
export type SettingPath = readonly PropertyKey[];

/** How a value is written: Pulumi takes `2001` for text where the file had text in quotes. */
export type ValueType = "string" | "int" | "float" | "bool";

/** A path as `pulumi config --path` reads it: `garrison:pages.origins[0]`, `garrison:host.operators["a.b"]`. */
export function configPath(path: SettingPath): string {
  const steps = path.map((key, index) => {
    if (typeof key === "number") return `[${String(key)}]`;
    const name = String(key);
    if (!/^[A-Za-z_][\w-]*$/.test(name)) return `["${name.replaceAll('"', '\\"')}"]`;
    return index === 0 ? name : `.${name}`;
  });
  return `garrison:${steps.join("")}`;
}

/**
 * What to type to give a setting a value, quoted for a shell. Text at the top is read as what it looks like. A value
 * `<ca.pem` is the text of that file: Pulumi takes what begins with dashes for a flag.
 */
export function setCommand(path: SettingPath, value: string, type: ValueType = "string"): string {
  if (/^<[\w-]+\.pem$/.test(value))
    return `pulumi config set --path ${shellQuote(configPath(path))} < ${value.slice(1)}`;
  const words = ["pulumi", "config", "set", "--path", shellQuote(configPath(path)), shellQuote(value)];
  return [...words, ...(type === "string" || path.length === 1 ? [] : ["--type", type])].join(" ");
}

/** Without the value: it is asked for, and does not end up in the shell's history. */
export function setSecretCommand(setting: string): string {
  return `pulumi config set --secret ${shellQuote(configPath([setting]))}`;
}

/**
 * What to type to take a setting out. A name with dots or brackets at the top is no path: as one, it would lead into
 * another setting.
 */
export function removeCommand(path: SettingPath): string {
  const [first, ...more] = path;
  const flat = more.length === 0 && !/^[A-Za-z_][\w-]*$/.test(String(first));
  if (flat) return `pulumi config rm ${shellQuote(`garrison:${String(first)}`)}`;
  return `pulumi config rm --path ${shellQuote(configPath(path))}`;
}

/** Commands that only make sense together, in order. */
export function inTurn(commands: readonly string[]): string {
  return commands.join(" && ");
}

/** The same commands for a stack, whichever is selected. Anything else stays as it is. */
export function onStack(fix: string, stack: string): string {
  const named = (command: string): string =>
    command.startsWith("pulumi config ") ? `${command} --stack ${shellQuote(stack)}` : command;
  return fix.split(" && ").map(named).join(" && ");
}
