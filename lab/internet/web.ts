import { createServer as createHttpServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Server } from "node:https";
import type { Socket } from "node:net";
import { createSecureContext } from "node:tls";
import type { SecureContext } from "node:tls";
import type { SiteCertificate } from "./authority.ts";
import { webPorts } from "./addresses.ts";
import type { NamedAddress } from "./addresses.ts";
import type { Connection, ConnectionLog } from "./connection-log.ts";
import { describe, listen } from "./listeners.ts";
import { json } from "./sites/site.ts";
import type { SiteAnswer, SiteRequest } from "./sites/site.ts";

const largestBody = 8 * 1024 ** 2;
const keptCertificates = 500;
const hostName = /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/;

/** Gives the answer to a request. */
type Answerer = (request: SiteRequest) => SiteAnswer;
type Certify = (name: string) => Promise<SiteCertificate>;

/** Serves sites by HTTP. */
export async function serveHttp({ address }: NamedAddress, answer: Answerer, log: ConnectionLog): Promise<void> {
  const server = createHttpServer(handler(answer));
  server.on("connection", (socket) => {
    log.add(describe(socket));
  });
  await listen(server, address, webPorts.http);
}

/** Serves sites by HTTPS, each under a certificate for the name that the client asks for. */
export async function serveHttps(
  { address }: NamedAddress,
  answer: Answerer,
  certify: Certify,
  log: ConnectionLog,
): Promise<void> {
  const contextFor = cachedContexts(certify);
  const server = createHttpsServer(
    {
      ...(await certify(address)),
      SNICallback: (name, done) => {
        contextFor(name).then(
          (context) => {
            done(null, context);
          },
          (error: unknown) => {
            done(error instanceof Error ? error : new Error(String(error)));
          },
        );
      },
    },
    handler(answer),
  );
  logWithNames(server, log);
  await listen(server, address, webPorts.https);
}

/** The name is known only when the greeting has come; a connection that brings none is written down when it ends. */
function logWithNames(server: Server, log: ConnectionLog): void {
  const open = new Map<string, Omit<Connection, "time">>();
  const write = (key: string, name?: string) => {
    const connection = open.get(key);
    if (connection !== undefined) log.add({ ...connection, ...(name === undefined ? {} : { server: name }) });
    open.delete(key);
  };
  server.on("connection", (socket: Socket) => {
    const key = peerOf(socket);
    open.set(key, describe(socket));
    socket.once("close", () => {
      write(key);
    });
  });
  server.on("secureConnection", (socket) => {
    const { servername } = socket;
    write(peerOf(socket), typeof servername === "string" ? servername : undefined);
  });
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ""} ${String(remotePort)}`;
}

// Names are the client's choice: without a bound, a client could fill the memory with certificates.
function cachedContexts(certify: Certify): (name: string) => Promise<SecureContext> {
  const kept = new Map<string, Promise<SecureContext>>();
  return (asked) => {
    const name = asked.toLowerCase();
    const found = kept.get(name);
    if (found !== undefined) return found;
    if (!hostName.test(name)) return Promise.reject(new Error("not a host name"));
    if (kept.size >= keptCertificates) kept.clear();
    const made = certify(name).then((certificate) => createSecureContext(certificate));
    kept.set(name, made);
    return made;
  };
}

function handler(answer: Answerer): RequestListener {
  return (request, response) => {
    bodyOf(request).then(
      (body) => {
        send(response, body === undefined ? tooLarge : answer(siteRequest(request, body)));
      },
      () => response.destroy(),
    );
  };
}

const tooLarge = json({ lab: `lab internet: no more than ${String(largestBody)} bytes` }, 413);

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largestBody) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function siteRequest({ method = "GET", url = "/", headers }: IncomingMessage, body: string): SiteRequest {
  const called = (headers.host ?? "").toLowerCase().replace(/:\d+$/, "");
  const [path = "/"] = url.split("?");
  const single: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) single[name] = Array.isArray(value) ? value.join(", ") : value;
  return { method, host: called === "" ? "nobody" : called, path, headers: single, body };
}

function send(response: ServerResponse, { status, type, parts }: SiteAnswer): void {
  response.writeHead(status, { "content-type": type, "x-lab-internet": "stand-in" });
  for (const part of parts) response.write(part);
  response.end();
}
