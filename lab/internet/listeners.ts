import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import type { NamedAddress } from "./addresses.ts";
import type { Connection, ConnectionLog } from "./connection-log.ts";
import { isVersion6 } from "./layout.ts";

/** By port: more than any test needs, and fewer than would leave the other ports without file descriptors. */
const mostConnections = 256;
const idleMs = 30_000;

/** A TCP port that tells whoever connects whom he has reached, and hangs up. */
export async function answerByName({ name, address }: NamedAddress, port: number, log: ConnectionLog): Promise<void> {
  const server = createServer((socket) => {
    log.add(describe(socket));
    socket.on("error", () => socket.destroy());
    // Read what comes, or closing would reset the connection before the line has arrived.
    socket.resume();
    socket.end(`lab internet: ${name} ${address} port ${String(port)}\n`);
  });
  await listen(server, address, port);
}

/** A UDP port that sends back what it gets. */
export async function echoDatagrams({ address }: NamedAddress, port: number, log: ConnectionLog): Promise<void> {
  const socket = createSocket(isVersion6(address) ? "udp6" : "udp4");
  socket.on("message", (message, { address: from, port: fromPort }) => {
    log.add({ protocol: "udp", from, fromPort, to: address, toPort: port });
    // Whoever does not want the answer any more is no reason to stop.
    socket.send(message, fromPort, from, () => undefined);
  });
  socket.bind({ address, port, exclusive: true });
  await once(socket, "listening");
  socket.on("error", () => undefined);
}

/** Opens a server's port. */
export async function listen(server: Server | HttpServer, address: string, port: number): Promise<void> {
  server.maxConnections = mostConnections;
  server.on("connection", (socket: Socket) => {
    socket.setTimeout(idleMs, () => socket.destroy());
  });
  server.listen({ host: address, port, exclusive: true });
  await once(server, "listening");
  // A connection that cannot be taken any more is the client's loss, and no reason to stop.
  server.on("error", () => undefined);
}

/** Who connected, and to what. */
export function describe(socket: Socket): Omit<Connection, "time"> {
  const { remoteAddress = "", remotePort = 0, localAddress = "", localPort = 0 } = socket;
  return { protocol: "tcp", from: remoteAddress, fromPort: remotePort, to: localAddress, toPort: localPort };
}
