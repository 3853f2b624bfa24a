import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";
import { once } from "node:events";

/** A name server of a test: answers with the addresses it was given, and remembers what it was asked. */
export interface NameServer {
  /** Every question so far: `A en.wikipedia.org`. */
  readonly questions: readonly string[];
  close(): void;
}

const TYPES: Readonly<Record<number, string>> = { 1: "A", 12: "PTR", 28: "AAAA" };

/** Listens on port 53 of an address. Names that are not in `addresses` do not exist. */
export async function startNameServer(
  address: string,
  addresses: Readonly<Record<string, readonly string[]>>,
): Promise<NameServer> {
  const questions: string[] = [];
  const socket: Socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const { name, type, end } = questionOf(query);
    questions.push(`${TYPES[type] ?? String(type)} ${name}`);
    const found = addresses[name];
    const answers = type === 1 ? (found ?? []) : [];
    socket.send(response(query, end, answers, found === undefined), from.port, from.address);
  });
  socket.bind(53, address);
  await once(socket, "listening");
  return { questions, close: () => socket.close() };
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The question again, and an A record that lives for a second for each address. */
function response(query: Buffer, end: number, addresses: readonly string[], unknown: boolean): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(unknown ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split(".").map(Number)]),
  );
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}
