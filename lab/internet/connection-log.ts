import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { z } from "zod";

/** What a container sends must not fill the host's disk. */
const largestBytes = 16 * 1024 ** 2;

/** One connection, or one datagram. What was sent is nobody's business: neither bodies nor headers are kept. */
const connectionSchema = z.object({
  time: z.iso.datetime(),
  protocol: z.enum(["tcp", "udp"]),
  /** The source as the lab internet sees it: Docker puts the host's end of the cable in the place of a container. */
  from: z.string(),
  fromPort: z.number(),
  to: z.string(),
  toPort: z.number(),
  /** The name that a client asked for in its TLS greeting. */
  server: z.string().optional(),
});
export type Connection = z.infer<typeof connectionSchema>;

/** Writes lines of JSON to `file`. Its descriptor is opened at once, so rights may be given up afterwards. */
export class ConnectionLog {
  readonly #descriptor: number;
  readonly #largest: number;

  constructor(file: string, largest = largestBytes) {
    this.#descriptor = openSync(file, "a", 0o600);
    this.#largest = largest;
  }

  /** Adds a line. A log that has become too long begins anew; on a full disk the line is lost, and the program goes on. */
  add(connection: Omit<Connection, "time">): void {
    const line = `${JSON.stringify({ time: new Date().toISOString(), ...connection })}\n`;
    try {
      if (fstatSync(this.#descriptor).size > this.#largest) ftruncateSync(this.#descriptor);
      writeSync(this.#descriptor, line);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The connections that a log holds. A line that is still being written is left out. */
export function parseConnections(text: string): Connection[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => connectionSchema.parse(JSON.parse(line)));
}
