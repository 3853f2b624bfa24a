import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { jsonIn } from "#helpers/files/json.ts";
import { withLock } from "#helpers/files/lock.ts";
import { isAlive, startOf } from "#helpers/processes/process-identity.ts";
import { problem } from "#helpers/terminal/report.ts";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { registryProgram } from "./host-tools.ts";
import type { Say } from "./host-tools.ts";

const START_SECONDS = 20;
const STOP_SECONDS = 5;
const FREE_SECONDS = 2;

const recordSchema = z.object({
  port: z.number().int(),
  process: z.object({ pid: z.number().int(), started: z.string() }).optional(),
});
type RegistryRecord = z.infer<typeof recordSchema>;

interface RegistryOptions {
  /** Holds its images, settings, log and the record of its port and process. @default `<cache>/registry` */
  readonly directory?: string;
  readonly say?: Say;
}

/** The lab's own registry, on this machine's loopback address only. */
export interface Registry {
  /** `127.0.0.1:<port>`: the part of an image reference before the repository. */
  readonly address: string;
  /** Whether the manifest with this digest is there. */
  has(repository: string, digest: string): Promise<boolean>;
}

/** Finds the lab's registry running, or starts it. It keeps its port, because image references contain it. */
export async function ensureRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const { directory = defaultDirectory(), say = silent } = options;
  return withLock(`${directory}.lock`, async () => {
    const record = await readRecord(directory);
    if (record?.process !== undefined && isAlive(record.process) && (await answers(record.port))) {
      return registryAt(record.port);
    }
    const port = await choosePort(record?.port, say);
    say(`starting the lab's registry on 127.0.0.1:${String(port)}`);
    await start(directory, port, await registryProgram(directory, say));
    return registryAt(port);
  });
}

/** The port on which the registry listens when it runs; decided now where it never did. */
export async function registryPort(options: Pick<RegistryOptions, "directory"> = {}): Promise<number> {
  const { directory = defaultDirectory() } = options;
  return withLock(`${directory}.lock`, async () => {
    const record = await readRecord(directory);
    if (record !== undefined) return record.port;
    const port = await choosePort(undefined, silent);
    await mkdir(directory, { recursive: true });
    await writeRecord(directory, { port });
    return port;
  });
}

/** Stops the registry; its images stay. Does nothing when it does not run. */
export async function stopRegistry(options: Pick<RegistryOptions, "directory"> = {}): Promise<void> {
  const { directory = defaultDirectory() } = options;
  await withLock(`${directory}.lock`, async () => {
    const record = await readRecord(directory);
    if (record?.process === undefined) return;
    const identity = record.process;
    if (isAlive(identity)) process.kill(identity.pid, "SIGTERM");
    const deadline = Date.now() + STOP_SECONDS * 1000;
    while (isAlive(identity) && Date.now() < deadline) await sleep(50);
    if (isAlive(identity)) process.kill(identity.pid, "SIGKILL");
    await writeRecord(directory, { port: record.port });
  });
}

function defaultDirectory(): string {
  return join(cacheDirectory(), "registry");
}

function silent(): void {
  // Nobody wants to hear.
}

function registryAt(port: number): Registry {
  const address = `127.0.0.1:${String(port)}`;
  const accept = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json";
  return {
    address,
    has: async (repository, digest) => {
      const url = `http://${address}/v2/${repository}/manifests/${digest}`;
      const response = await fetch(url, { method: "HEAD", headers: { accept } });
      return response.status === 200;
    },
  };
}

async function start(directory: string, port: number, program: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const settings = join(directory, "config.yml");
  const logFile = join(directory, "registry.log");
  await writeFileAtomic(settings, renderSettings(join(directory, "data"), port));
  await rm(logFile, { force: true });
  const log = openSync(logFile, "a");
  // Detached: it outlives the command that started it, and Ctrl-C in that terminal is not meant for it.
  const child = spawn(program, ["serve", settings], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
    // Nothing of the caller's: its settings file says it all, and the mark of a run of tests must not stick to it.
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  child.unref();
  const { pid } = child;
  const started = pid === undefined ? undefined : startOf(pid);
  if (pid !== undefined && started !== undefined) await writeRecord(directory, { port, process: { pid, started } });
  await waitUntilAnswers(port, logFile, () => child.exitCode !== null);
}

async function waitUntilAnswers(port: number, logFile: string, ended: () => boolean): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline && !ended()) {
    if (await answers(port)) return;
    await sleep(50);
  }
  const log = await readFile(logFile, "utf8").catch(() => "");
  throw problem("The lab's registry does not start", {
    property: logFile,
    found: log.trim().split("\n").slice(-5).join("\n") || "no output",
    expected: `an answer on 127.0.0.1:${String(port)} within ${String(START_SECONDS)} seconds`,
    fix: `less ${logFile}`,
  });
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${String(port)}/v2/`, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.status === 200 && response.headers.has("docker-distribution-api-version");
  } catch {
    return false;
  }
}

/** The port of the last time, or a free one when there was none or somebody else took it meanwhile. */
async function choosePort(last: number | undefined, say: Say): Promise<number> {
  if (last !== undefined) {
    // A registry that was killed counts as dead while its last threads still hold the port.
    const deadline = Date.now() + FREE_SECONDS * 1000;
    do {
      if ((await listenOnce(last)) !== undefined) return last;
      await sleep(50);
    } while (Date.now() < deadline);
    say(`port ${String(last)} of the lab's registry is in use by another program; taking a new one`);
  }
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("there is no free port on 127.0.0.1");
  return port;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(undefined);
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : undefined);
      });
    });
  });
}

// JSON is YAML.
function renderSettings(data: string, port: number): string {
  return JSON.stringify({
    version: "0.1",
    log: { level: "warn", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${String(port)}` },
  });
}

async function readRecord(directory: string): Promise<RegistryRecord | undefined> {
  const text = await readFile(join(directory, "registry.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  // A record that cannot be read is as good as none: the registry is started again.
  const parsed = z.string().transform(jsonIn).pipe(recordSchema).safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

async function writeRecord(directory: string, record: RegistryRecord): Promise<void> {
  await writeFileAtomic(join(directory, "registry.json"), `${JSON.stringify(record, null, 2)}\n`);
}
