import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import ssh2 from "ssh2";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import type { LabLayout, MachinePlace } from "./layout.ts";
import type { LabFiles } from "./paths.ts";

/** The account that a machine is born with, as the stacks' settings name it. */
export const machineUser = "garrison";

/** Both halves of a key, as OpenSSH writes them. */
export interface KeyPair {
  readonly private: string;
  /** Kind, key and comment on one line. */
  readonly public: string;
}

export function newKey(comment: string): KeyPair {
  const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
  return { private: `${pair.private.trim()}\n`, public: pair.public.trim() };
}

/** The operator's key to this lab's machines, made with the lab. */
export async function operatorKey(files: LabFiles): Promise<string> {
  const publicFile = `${files.operatorKey}.pub`;
  if (!existsSync(files.operatorKey) || !existsSync(publicFile)) {
    const pair = newKey("garrison-lab");
    await mkdir(dirname(files.operatorKey), { recursive: true, mode: 0o700 });
    await writeFileAtomic(publicFile, `${pair.public}\n`, 0o600);
    // Last, since it is looked for first: a public half without its private one is made anew.
    await writeFileAtomic(files.operatorKey, pair.private, 0o600);
  }
  return (await readFile(publicFile, "utf8")).trim();
}

/** `text` of a known_hosts file in which `alias` has exactly this key, or none. */
export function pinnedText(text: string, alias: string, publicKey: string | undefined): string {
  const others = text.split("\n").filter((line) => line !== "" && line.split(" ")[0] !== alias);
  const [kind = "", key = ""] = publicKey?.split(" ") ?? [];
  return [...others, ...(publicKey === undefined ? [] : [`${alias} ${kind} ${key}`])]
    .map((line) => `${line}\n`)
    .join("");
}

/** Pins the host key that a machine is to be born with; without one, forgets the machine. */
export async function pinHostKey(files: LabFiles, alias: string, publicKey: string | undefined): Promise<void> {
  const text = await readFile(files.knownHosts, "utf8").catch(() => "");
  await writeFileAtomic(files.knownHosts, pinnedText(text, alias, publicKey), 0o600);
}

/** The host key that is pinned, `kind key`; undefined when the machine is not known. */
export async function pinnedHostKey(files: LabFiles, alias: string): Promise<string | undefined> {
  const text = await readFile(files.knownHosts, "utf8").catch(() => "");
  const line = text.split("\n").find((one) => one.startsWith(`${alias} `));
  return line?.slice(alias.length + 1);
}

/** OpenSSH's settings by which every machine of the lab is reached under its role's name, and no other key is believed. */
export function renderSshConfig(files: LabFiles, layout: LabLayout): string {
  const blocks = layout.machines.map(({ role, instance, address }: MachinePlace) =>
    [
      `Host ${role}`,
      `  HostName ${address}`,
      `  HostKeyAlias ${instance}`,
      `  User ${machineUser}`,
      `  IdentityFile "${files.operatorKey}"`,
      `  UserKnownHostsFile "${files.knownHosts}"`,
    ].join("\n"),
  );
  const everywhere = [
    "Host *",
    "  StrictHostKeyChecking yes",
    "  GlobalKnownHostsFile none",
    "  UpdateHostKeys no",
    "  IdentitiesOnly yes",
    "  PreferredAuthentications publickey",
    "  ConnectTimeout 5",
  ].join("\n");
  return `${[...blocks, everywhere].join("\n\n")}\n`;
}
