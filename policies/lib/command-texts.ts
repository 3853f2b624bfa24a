import type { Resource } from "./resource.ts";

/** Pulumi type tokens of what runs on a host or is copied to one. */
export const commandType = {
  local: "command:local:Command",
  remote: "command:remote:Command",
  copyToRemote: "command:remote:CopyToRemote",
  copyFile: "command:remote:CopyFile",
} as const;

/** Resources that run a text. */
export const RUNNING = [commandType.local, commandType.remote] as const;
/** Resources that open a connection of their own. */
export const CONNECTING = [commandType.remote, commandType.copyToRemote, commandType.copyFile] as const;
/** Properties that become arguments of a shell. */
export const ARGUMENTS = ["create", "update", "delete"] as const;

export interface CommandText {
  readonly path: string;
  readonly value: string;
}

/** What a command's shell is given to run, as it was written: arguments first, then what comes on stdin. */
export function commandTexts({ properties }: Resource): CommandText[] {
  const texts = [...ARGUMENTS, "stdin"].map((name) => ({ path: properties.path(name), value: properties.text(name) }));
  const given = texts.filter((text): text is CommandText => text.value !== undefined && text.value !== "");
  return [...given, ...properties.texts("interpreter")];
}

/** The single commands of a shell text, without comments, quotes and line breaks within one. */
export function commandsIn(text: string): string[] {
  return text
    .slice(0, 262_144)
    .replaceAll(/\\\r?\n/g, " ")
    .split(/\n|;|&&|\|\|/)
    .filter((command) => !/^\s*#/.test(command))
    .map((command) => command.replaceAll(/["'\\]/g, "").trim())
    .filter((command) => command !== "");
}
