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
