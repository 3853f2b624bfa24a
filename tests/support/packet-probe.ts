/**
 * Runs in somebody's network namespace and does one of two things, told on standard input as JSON:
 * `listen` on ports until standard input ends, or `attempt` to reach addresses, and print what became of each.
 */
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";

export interface Target {
  readonly address: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

/** `open`: an answer came. `refused`: it arrived where nobody listens. `silent`: nothing came back in time. */
export type Outcome = "open" | "refused" | "silent";

export type Order =
  | { readonly do: "listen"; readonly ports: readonly Omit<Target, "address">[] }
  | { readonly do: "attempt"; readonly targets: readonly Target[]; readonly timeoutMs: number };

/** More connections at once than this would overrun what the kernel keeps of half-open ones. */
const atOnce = 400;

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  const ended = new Promise<void>((resolve) => lines.once("close", resolve));
  const order = await new Promise<Order>((resolve) => {
    lines.once("line", (line) => {
      resolve(JSON.parse(line) as Order);
    });
  });
  if (order.do === "attempt") {
    console.log(JSON.stringify(await attemptAll(order.targets, order.timeoutMs)));
    process.exit(0);
  }
  await Promise.all(order.ports.map(({ port, protocol }) => (protocol === "tcp" ? listen(port) : echo(port))));
  console.log("ready");
  await ended;
  process.exit(0);
}

async function attemptAll(targets: readonly Target[], timeoutMs: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let start = 0; start < targets.length; start += atOnce) {
    const some = targets.slice(start, start + atOnce);
    outcomes.push(...(await Promise.all(some.map((target) => attempt(target, timeoutMs)))));
  }
  return outcomes;
}

function attempt(target: Target, timeoutMs: number): Promise<Outcome> {
  return target.protocol === "tcp" ? attemptTcp(target, timeoutMs) : attemptUdp(target, timeoutMs);
}

function attemptTcp({ address, port }: Target, timeoutMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (outcome: Outcome): void => {
      socket.destroy();
      resolve(outcome);
    };
    setTimeout(end, timeoutMs, "silent").unref();
    socket.once("connect", () => {
      end("open");
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      end(error.code === "ECONNREFUSED" ? "refused" : "silent");
    });
  });
}

function attemptUdp({ address, port }: Target, timeoutMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    let ended = false;
    const end = (outcome: Outcome): void => {
      if (ended) return;
      ended = true;
      socket.close();
      resolve(outcome);
    };
    setTimeout(end, timeoutMs, "silent").unref();
    socket.once("message", () => {
      end("open");
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      end(error.code === "ECONNREFUSED" ? "refused" : "silent");
    });
    socket.connect(port, address, (error?: Error) => {
      // Without a route there is nothing to send on.
      if (error === undefined) socket.send("probe");
      else end("silent");
    });
  });
}

/** On every address, IPv6 included. A port that is taken has its listener already. */
function listen(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      // A probe leaves as soon as it is connected, and may reset what it left.
      socket.once("error", () => undefined);
      socket.end("probe\n");
    });
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve();
      else reject(error);
    });
    server.listen({ port, host: "::" }, resolve);
  });
}

function echo(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp6");
    socket.on("message", (message, { port: from, address }) => {
      socket.send(message, from, address, () => undefined);
    });
    socket.once("error", reject);
    socket.bind(port, "::", resolve);
  });
}

if (import.meta.main) await main();
