import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { runHost, tryHost } from "./host-command.ts";
import type { LabLayout } from "./layout.ts";

const chain = "DOCKER-USER";

/** A rule of ours in Docker's chain, as iptables takes it. */
export type DockerRule = readonly string[];

/**
 * What lets the machines through Docker's closed FORWARD chain: among themselves, out by the host's own ways out, and
 * the answers back. Not to Docker's own networks: they would stand open to the machines otherwise.
 *
 * @param outward the links by which the host reaches the rest of the world
 */
export function dockerRules({ bridge, tag }: LabLayout, outward: readonly string[]): DockerRule[] {
  const mark = ["-m", "comment", "--comment", tag];
  const established = ["-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED"];
  return [
    ["-i", bridge, "-o", bridge, ...mark, "-j", "ACCEPT"],
    ...outward.map((link) => ["-i", bridge, "-o", link, ...mark, "-j", "ACCEPT"]),
    ["-o", bridge, ...established, ...mark, "-j", "ACCEPT"],
  ];
}

/** The rule by which machines leave the host under the host's own address. */
function masqueradeRule({ bridge, block }: LabLayout): string {
  return `ip saddr ${block} oifname != "${bridge}" masquerade`;
}

/** The lab's own table; loading it replaces the former one in one step. */
export function renderTable(layout: LabLayout): string {
  return `table ip ${layout.table}
delete table ip ${layout.table}
table ip ${layout.table} {
  chain out {
    type nat hook postrouting priority srcnat; policy accept;
    ${masqueradeRule(layout)}
  }
}
`;
}

/** The links of the default routes in the kernel's list. */
export function outwardLinks(routes: string): string[] {
  const links = routes
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([link, destination, , , , , , mask]) =>
      link !== undefined && destination === "00000000" && mask === "00000000" ? [link] : [],
    );
  return [...new Set(links)];
}

/** Lets the machines out, and through Docker's rules where Docker has any. What is there already stays untouched. */
export async function openFirewall(layout: LabLayout): Promise<void> {
  const table = await tryHost("nft", ["list", "table", "ip", layout.table]);
  if (table?.includes(masqueradeRule(layout)) !== true) await runHost("nft", ["-f", "-"], renderTable(layout));
  await ensureDockerRules(dockerRules(layout, await readOutwardLinks()));
}

/** The links by which this host reaches the rest of the world. */
export async function readOutwardLinks(): Promise<readonly string[]> {
  return outwardLinks(await readFile("/proc/net/route", "utf8"));
}

/** Makes the rules be in Docker's chain, where Docker has one. */
export async function ensureDockerRules(rules: readonly DockerRule[]): Promise<void> {
  if ((await dockerUser()) === undefined) return;
  for (const rule of rules) {
    if ((await tryHost("iptables", ["-w", "-C", chain, ...rule])) === undefined) {
      await runHost("iptables", ["-w", "-I", chain, ...rule]);
    }
  }
}

/** Takes exactly our rules away again. */
export async function closeFirewall({ table, tag, azure }: LabLayout): Promise<void> {
  // First what opens Docker's chain to machines, and then what says how far.
  for (const one of [tag, azure.tag]) await removeDockerRules(one);
  for (const one of [table, azure.table]) await tryHost("nft", ["delete", "table", "ip", one]);
}

async function removeDockerRules(tag: string): Promise<void> {
  for (const rule of await taggedRules(tag)) await runHost("iptables", ["-w", "-D", chain, ...rule]);
}

/** Our rules in Docker's chain, by their mark. */
export async function taggedRules(tag: string): Promise<DockerRule[]> {
  return parseTagged((await dockerUser()) ?? "", tag);
}

/** Of `iptables -S`, the rules with this mark. None of ours holds a word with a blank. */
export function parseTagged(listed: string, tag: string): DockerRule[] {
  return listed
    .split("\n")
    .map((line) => line.split(" ").map((word) => word.replaceAll('"', "")))
    .filter((words) => words[0] === "-A" && words[words.indexOf("--comment") + 1] === tag)
    .map((words) => words.slice(2));
}

async function dockerUser(): Promise<string | undefined> {
  const asked = await execa("iptables", ["-w", "-S", chain], { reject: false, stdin: "ignore" });
  return asked.exitCode === 0 ? asked.stdout : undefined;
}
