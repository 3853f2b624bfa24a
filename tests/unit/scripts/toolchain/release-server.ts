import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { create } from "tar";
import { archiveName } from "#scripts/toolchain/release.ts";

export const version = "3.259.0";
/** A slow archive: its pieces take longer together than each may take alone. */
const slowPieces = 6;
const slowPauseMs = 100;
export const slowStallMs = (slowPieces * slowPauseMs) / 1.5;

/** How the server treats the archive; the list of checksums follows `checksums`. */
interface Behaviour {
  readonly archive:
    "good" | "missing" | "truncated-once" | "truncated" | "hanging" | "slow" | "other-content" | "overloaded";
  readonly checksums: "good" | "missing" | "hanging" | "refused" | "without-platform";
  /** Whether it answers range requests. */
  readonly ranges: boolean;
}

export interface ReleaseServer {
  readonly base: string;
  behaviour: Behaviour;
  /** Resolves when the client has put that many bytes away; only then a transfer breaks off. */
  untilStored: (bytes: number) => Promise<void>;
  /** The `Range` header of every request for the archive, "whole" where there was none. */
  readonly requests: string[];
  readonly sha256: string;
  close(): Promise<void>;
}

type State = Pick<ReleaseServer, "behaviour" | "untilStored">;

export const good: Behaviour = { archive: "good", checksums: "good", ranges: true };

/** An HTTP server on the loopback that is laid out like the place of Pulumi's releases. */
export async function startReleaseServer(): Promise<ReleaseServer> {
  const content = await makeArchive(`v${version}`);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const requests: string[] = [];
  const state: State = { behaviour: good, untilStored: () => Promise.resolve() };
  const server = createServer((request, response) => {
    if (request.url === `/sdk/pulumi-${version}-checksums.txt`) sendChecksums(response, state.behaviour, sha256);
    else if (request.url === `/sdk/${archiveName(version)}`) {
      requests.push(request.headers.range ?? "whole");
      sendArchive(request, response, state, content, requests.length);
    } else sendStatus(response, 404);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/sdk`,
    get behaviour() {
      return state.behaviour;
    },
    set behaviour(next) {
      state.behaviour = next;
    },
    get untilStored() {
      return state.untilStored;
    },
    set untilStored(next) {
      state.untilStored = next;
    },
    requests,
    sha256,
    close: () => closeServer(server),
  };
}

/** A release archive: programs that answer `version`, and a language host that nobody asked for. */
async function makeArchive(answer: string): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), "garrison-release-"));
  try {
    await mkdir(join(directory, "pulumi"));
    for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-language-python"]) {
      await writeFile(join(directory, "pulumi", name), `#!/bin/sh\necho ${answer}\n`, { mode: 0o755 });
    }
    // Something that does not compress away, so that half an archive is half an archive.
    await writeFile(join(directory, "pulumi", "ballast"), createHash("sha512").update("x").digest("hex").repeat(3000));
    const file = join(directory, "archive.tar.gz");
    await create({ file, cwd: directory, gzip: { level: 0 } }, ["pulumi"]);
    return await readFile(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function sendChecksums(response: ServerResponse, behaviour: Behaviour, sha256: string): void {
  if (behaviour.checksums === "hanging") return;
  if (behaviour.checksums === "missing") {
    sendStatus(response, 404);
    return;
  }
  if (behaviour.checksums === "refused") {
    sendStatus(response, 403);
    return;
  }
  const name = behaviour.checksums === "good" ? archiveName(version) : `pulumi-v${version}-plan9-mips.tar.gz`;
  response.end(`${"0".repeat(64)}  pulumi-v${version}-windows-x64.zip\n${sha256}  ${name}\n`);
}

function sendArchive(
  request: IncomingMessage,
  response: ServerResponse,
  { behaviour, untilStored }: State,
  content: Buffer,
  count: number,
): void {
  if (behaviour.archive === "missing") {
    sendStatus(response, 404);
    return;
  }
  if (behaviour.archive === "overloaded") {
    sendStatus(response, 503);
    return;
  }
  const body = behaviour.archive === "other-content" ? Buffer.from(content).fill(0, 2000) : content;
  const from = behaviour.ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
  const part = body.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": part.length,
    ...(from > 0 && { "content-range": `bytes ${String(from)}-${String(body.length - 1)}/${String(body.length)}` }),
  });
  const breaks = behaviour.archive === "truncated" || (behaviour.archive === "truncated-once" && count === 1);
  if (behaviour.archive === "hanging") response.write(part.subarray(0, 1000));
  else if (behaviour.archive === "slow") void sendSlowly(response, part);
  else if (breaks) {
    const half = Math.ceil(part.length / 2);
    response.write(part.subarray(0, half));
    void untilStored(from + half).then(() => response.destroy());
  } else response.end(part);
}

/** In pieces, with a pause before each. */
async function sendSlowly(response: ServerResponse, body: Buffer): Promise<void> {
  const size = Math.ceil(body.length / slowPieces);
  for (let from = 0; from < body.length; from += size) {
    await sleep(slowPauseMs);
    response.write(body.subarray(from, from + size));
  }
  response.end();
}

function sendStatus(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
