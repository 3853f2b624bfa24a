import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { firstExecutable, systemPath } from "#helpers/programs/executable.ts";
import { ensureProgram } from "#helpers/programs/host-program.ts";
import { withLock } from "#helpers/files/lock.ts";
import { problem } from "#helpers/terminal/report.ts";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { internetAddresses } from "./addresses.ts";
import { authorityFile, ensureAuthority } from "./authority.ts";
import { layOutInternet } from "./layout.ts";
import type { InternetEstate } from "./layout.ts";
import { makeNetwork, removeNetwork } from "./network.ts";
import { hasNetworkTraces, missingFromNetwork } from "./network-state.ts";
import { areRunning, endPrograms, internetPrograms, missingFromPrograms, startPrograms } from "./programs.ts";

export interface InternetOptions {
  readonly estate: InternetEstate;
  /** The estate's directory; the lab internet keeps its files in one below it. */
  readonly directory: string;
  /** Told what is going on, for a person to read. */
  readonly say?: (message: string) => void;
}

/** The lab internet of one estate. */
export interface Internet {
  /** Its network namespace: `ip netns exec <namespace> …` looks at it from inside. */
  readonly namespace: string;
  /** The address of its resolver, for containers. */
  readonly resolver: string;
  /** The certificate of the authority that vouches for every site: what containers must be told to trust. */
  readonly caFile: string;
  /** What arrived, a line of JSON a connection; `parseConnections` reads it. */
  readonly connections: string;
  /** The source address that containers have there, because Docker puts it in the place of theirs. */
  readonly source: string;
}

/**
 * A lab internet behind this host for one estate: a network namespace with public, LAN and metadata addresses, to which
 * everything leads that the estate's containers send out of its block. The host's own traffic and routes stay as they
 * are. What is whole is left alone; what is half made, or was damaged since, is repaired.
 */
export async function ensureInternet(options: InternetOptions): Promise<Internet> {
  const { estate, say = silent } = options;
  requireRoot("npm run up");
  const directory = internetDirectory(options);
  const layout = layOutInternet(estate);
  const ip = await hostProgram("ip", "iproute2");
  const dnsmasq = await hostProgram("dnsmasq", "dnsmasq-base");
  await alone(estate, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await ensureAuthority(directory);
    const programs = await internetPrograms(directory, dnsmasq);
    const network = await missingFromNetwork(ip, layout);
    if (network.length > 0) {
      say(`making the network of the lab internet: ${network.join(", ")}`);
      await makeNetwork(ip, layout);
    }
    const running = await missingFromPrograms(layout, programs);
    if (running.length > 0) {
      say(`starting the programs of the lab internet: ${running.join(", ")}`);
      await startPrograms(ip, layout, programs);
    }
  });
  return {
    namespace: layout.namespace,
    resolver: internetAddresses.resolver,
    caFile: authorityFile(directory),
    connections: join(directory, "connections.jsonl"),
    source: layout.ends.host,
  };
}

/** Removes it: processes, rules, routes, link and namespace. Its authority stays with the estate's other files. */
export async function removeInternet(options: Pick<InternetOptions, "estate" | "directory">): Promise<void> {
  const { estate } = options;
  const layout = layOutInternet(estate);
  const ip = await firstExecutable(systemPath(), "ip");
  // Without the program that makes it, there was never one.
  if (ip === undefined) return;
  await alone(estate, async () => {
    const programs = await internetPrograms(internetDirectory(options), "dnsmasq");
    if (!areRunning(programs) && !(await hasNetworkTraces(ip, layout))) return;
    requireRoot("npm run down");
    await endPrograms(layout, programs);
    await removeNetwork(ip, layout);
  });
}

/** What is missing of it, in words; empty when it is whole. Changes nothing; needs root to look into a namespace. */
export async function missingFromInternet(
  options: Pick<InternetOptions, "estate" | "directory">,
): Promise<readonly string[]> {
  const layout = layOutInternet(options.estate);
  const ip = await firstExecutable(systemPath(), "ip");
  const dnsmasq = await firstExecutable(systemPath(), "dnsmasq");
  const absent = Object.entries({ ip, dnsmasq }).filter(([, file]) => file === undefined);
  if (ip === undefined || dnsmasq === undefined) return absent.map(([name]) => `the host's program ${name}`);
  const programs = await internetPrograms(internetDirectory(options), dnsmasq);
  return [...(await missingFromNetwork(ip, layout)), ...(await missingFromPrograms(layout, programs))];
}

/** Where the lab internet of an estate keeps its files. */
export function internetDirectory({ directory }: Pick<InternetOptions, "directory">): string {
  return join(directory, "internet");
}

// Not in the estate's directory: taking the lock would make one that has just been removed.
function alone<T>({ id }: InternetEstate, work: () => Promise<T>): Promise<T> {
  return withLock(join(cacheDirectory(), "locks", `internet-${id}`), work);
}

function hostProgram(program: string, packageName: string): Promise<string> {
  return ensureProgram({ program, packageName, without: "The lab internet cannot be made on this machine" });
}

function requireRoot(again: string): void {
  const user = process.getuid?.();
  if (process.platform === "linux" && user === 0) return;
  throw problem("The lab internet needs root", {
    property: "this user",
    found: process.platform === "linux" ? `user ${String(user)}` : process.platform,
    expected: "root on Linux, who may make network namespaces and rules",
    fix: `sudo ${again}`,
  });
}

function silent(): void {
  // Nobody wants to hear.
}
