import { readFile, readdir } from "node:fs/promises";
import Docker from "dockerode";
import { execa } from "execa";
import { layOutInternet } from "#lab/internet/layout.ts";
import type { InternetEstate } from "#lab/internet/layout.ts";
import { candidateBlocks, overlaps } from "#lab/estate/network-block.ts";
import { takenBlocks } from "#lab/estate/taken-blocks.ts";

/** Address blocks that nobody on this host uses, from the far end of where estates look first. */
export async function freeBlocks(count: number): Promise<string[]> {
  const taken = await takenBlocks({ name: "", id: undefined }, new Docker());
  const free = candidateBlocks.toReversed().filter((block) => !taken.some((other) => overlaps(block, other.block)));
  if (free.length < count) throw new Error(`only ${String(free.length)} free blocks`);
  return free.slice(0, count);
}

/** What one attempt came to: what was read, or why nothing was. */
type Attempt = { readonly read: string } | { readonly failed: string };

interface TcpAttempt {
  readonly address: string;
  readonly port: number;
  /** Sent first, where the other side waits for the client. */
  readonly send?: string;
  /** Speaks TLS, with this server name; only a certificate of `ca` is accepted. */
  readonly tls?: { readonly name: string; readonly ca?: string };
  /** The source address. */
  readonly from?: string;
}

// Runs in a container's network namespace, with the host's Node: the container has no tools.
const program = `
const { connect } = await import("node:net");
const tls = await import("node:tls");
const { createSocket } = await import("node:dgram");
const { address, port, send, tls: secure, from, udp } = JSON.parse(process.argv[1]);
const done = (result) => { process.stdout.write(JSON.stringify(result)); process.exit(0); };
setTimeout(() => done({ failed: "timeout" }), 1500);
const failed = (error) => done({ failed: error.code ?? error.message });
if (udp) {
  const socket = createSocket("udp4").on("error", failed).on("message", (text) => done({ read: text.toString() }));
  socket.send(send, port, address, (error) => error && failed(error));
} else {
  const where = { host: address, port, localAddress: from };
  const socket = secure ? tls.connect({ ...where, servername: secure.name, ca: secure.ca }) : connect(where);
  let read = "";
  socket.on("error", failed).on("data", (text) => (read += text)).on("end", () => done({ read }));
  if (send) socket.write(send);
}
`;

/** Tries to talk TCP from the network namespace of the process; from the host's when there is none. */
export function tryTcp(pid: number | undefined, attempt: TcpAttempt): Promise<Attempt> {
  return attemptFrom(pid, attempt);
}

/** Sends a datagram and waits for one. */
export function tryUdp(pid: number | undefined, address: string, port: number, send: string): Promise<Attempt> {
  return attemptFrom(pid, { address, port, send, udp: true });
}

async function attemptFrom(pid: number | undefined, attempt: object): Promise<Attempt> {
  const enter = pid === undefined ? [] : ["nsenter", "--target", String(pid), "--net"];
  const [command, ...args] = [...enter, process.execPath, "--input-type=module", "--eval", program];
  const { stdout } = await execa(command, [...args, JSON.stringify(attempt)], { stdin: "ignore" });
  return JSON.parse(stdout) as Attempt;
}

/** A request for a page, as text. */
export function httpGet(host: string, path: string, more = ""): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;
}

/** The host's own way to anywhere, both families, as bytes. */
export async function hostRoutes(): Promise<string> {
  const show = async (...args: string[]) => (await execa("ip", args)).stdout;
  const tables = [
    await show("-4", "route", "show", "table", "main"),
    await show("-6", "route", "show", "table", "main"),
  ];
  return [...tables, await readFile("/proc/net/route", "utf8")].join("\n");
}

/** Everything in the kernel that carries the estate's id or number; an oracle that shares no code with the remover. */
export async function tracesOf(estate: InternetEstate, directory: string): Promise<string[]> {
  const { namespace, hostLink, table, rules } = layOutInternet(estate);
  const lines = async (...args: string[]) => (await execa("ip", args, { reject: false })).stdout.split("\n");
  const own = (words: string) => (line: string) => line.includes(words);
  return [
    ...(await lines("netns", "list")).filter(own(namespace)),
    ...(await lines("-oneline", "link", "show")).filter(own(hostLink)),
    ...(await lines("rule", "show")).filter(
      (line) =>
        line.includes(String(table)) ||
        line.includes(estate.network.replace("/16", "")) ||
        rules.some(({ priority }) => line.startsWith(`${priority}:`)),
    ),
    ...(await lines("route", "show", "table", String(table))).filter(Boolean),
    ...(await lines("-6", "route", "show", "table", String(table))).filter(Boolean),
    ...(await commandLines()).filter(own(directory)),
  ];
}

/** Processes whose command line holds the words. */
export async function processesWith(words: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir("/proc")).map(Number).filter((number) => number > 0)) {
    if ((await commandLine(pid)).includes(words)) found.push(pid);
  }
  return found;
}

async function commandLines(): Promise<string[]> {
  const pids = (await readdir("/proc")).map(Number).filter((number) => number > 0);
  return Promise.all(pids.map(commandLine));
}

function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${String(pid)}/cmdline`, "utf8").catch(() => "");
}
