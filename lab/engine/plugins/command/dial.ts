import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Duplex } from "node:stream";
import { Client } from "ssh2";
import type { ConnectConfig, ServerHostKeyAlgorithm } from "ssh2";
import type { Connection, Endpoint } from "./rules.ts";

const firstPauseMs = 500;
const longestPauseMs = 5000;
const keepaliveMs = 15_000;

type KnownHost = Endpoint & { readonly hostKey: string };

/** Waiting will not turn a wrong host into the right one. */
class WrongHost extends Error {}

/** Runs work over an SSH connection, through the proxy where there is one, and closes everything afterwards. */
export async function withConnection<T>(
  connection: Connection,
  signal: AbortSignal,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const open: Client[] = [];
  try {
    let through: Client | undefined;
    if (connection.proxy) {
      through = await dial(connection.proxy, undefined, signal);
      open.push(through);
    }
    const client = await dial(connection, through, signal);
    open.push(client);
    return await work(client);
  } finally {
    for (const client of open.reverse()) client.end();
  }
}

async function dial(endpoint: Endpoint, through: Client | undefined, signal: AbortSignal): Promise<Client> {
  const { hostKey } = endpoint;
  if (hostKey === undefined) {
    throw new Error(
      `${endpoint.user}@${endpoint.host}:${endpoint.port}: connection.hostKey is missing; the lab connects to known hosts ` +
        "only: give the line of the host's ssh_host_ed25519_key.pub",
    );
  }
  const limit = endpoint.dialErrorLimit;
  let pause = firstPauseMs;
  for (let errors = 1; ; errors++) {
    signal.throwIfAborted();
    try {
      const channel = through ? await forward(through, endpoint) : undefined;
      return await connect({ ...endpoint, hostKey }, channel, signal);
    } catch (error) {
      signal.throwIfAborted();
      const said = error instanceof Error ? error.message : String(error);
      const where = `${endpoint.user}@${endpoint.host}:${endpoint.port}`;
      if (error instanceof WrongHost) throw new Error(`${where}: ${said}`, { cause: error });
      if (limit >= 0 && errors > limit)
        throw new Error(`cannot connect to ${where} (${errors} attempts): ${said}`, { cause: error });
    }
    await sleep(pause, undefined, { signal });
    pause = Math.min(pause * 1.5, longestPauseMs);
  }
}

function connect(endpoint: KnownHost, channel: Duplex | undefined, signal: AbortSignal): Promise<Client> {
  const client = new Client();
  return new Promise((resolve, reject) => {
    let presented: Buffer | undefined;
    const expected = expectedKey(endpoint.hostKey);
    const abort = () => {
      client.destroy();
      reject(new Error("stopped"));
    };
    const settle = () => {
      signal.removeEventListener("abort", abort);
    };
    signal.addEventListener("abort", abort, { once: true });
    client.once("ready", () => {
      settle();
      resolve(client);
    });
    client.on("error", (error) => {
      settle();
      reject(hostFailure(error, expected, presented) ?? error);
    });
    client.once("close", () => {
      settle();
      reject(new Error("the connection was closed"));
    });
    client.connect({
      ...login(endpoint),
      ...(channel ? { sock: channel } : {}),
      host: endpoint.host,
      port: endpoint.port,
      username: endpoint.user,
      readyTimeout: endpoint.perDialTimeout * 1000,
      keepaliveInterval: keepaliveMs,
      algorithms: { serverHostKey: hostKeyAlgorithms(expected.type) },
      hostVerifier: (key: Buffer) => {
        presented = key;
        return key.equals(expected.blob);
      },
    });
  });
}

function forward(through: Client, { host, port }: Endpoint): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    through.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (error) reject(error);
      else resolve(channel);
    });
  });
}

function login(endpoint: Endpoint): ConnectConfig {
  const agent = endpoint.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  return {
    ...(endpoint.password === undefined ? {} : { password: endpoint.password }),
    ...(endpoint.privateKey === undefined ? {} : { privateKey: endpoint.privateKey }),
    ...(endpoint.privateKeyPassword === undefined ? {} : { passphrase: endpoint.privateKeyPassword }),
    ...(agent === undefined || agent === "" ? {} : { agent }),
  };
}

interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
}

function expectedKey(line: string): HostKey {
  const [type = "", key = ""] = line.trim().split(/\s+/);
  return { type, blob: Buffer.from(key, "base64") };
}

/** Asks for the key that we know, and for none of another kind that the host may have as well. */
function hostKeyAlgorithms(type: string): ServerHostKeyAlgorithm[] {
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type as ServerHostKeyAlgorithm];
}

function hostFailure(error: Error, expected: HostKey, presented: Buffer | undefined): WrongHost | undefined {
  if (presented !== undefined && !presented.equals(expected.blob)) {
    return new WrongHost(
      `the host shows another key (${fingerprint(presented)}) than the one in connection.hostKey ` +
        `(${fingerprint(expected.blob)}); find out why before you change the setting`,
    );
  }
  if (/no matching host key/i.test(error.message)) {
    return new WrongHost(`the host has no key of the kind in connection.hostKey (${expected.type})`);
  }
  return undefined;
}

function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
