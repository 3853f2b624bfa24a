import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "#helpers/terminal/progress.ts";
import { ProblemReport, problem } from "#helpers/terminal/report.ts";
import { reasonOf } from "#helpers/terminal/reason.ts";
import { sha256Of } from "./seal.ts";

const attempts = 3;

interface DownloadOptions {
  readonly url: string;
  /** Receives the content; what is there already is taken as its beginning. */
  readonly file: string;
  readonly sha256: string;
  /** How long not one byte may arrive. */
  readonly stallMs: number;
  /** Pause before a broken transfer goes on. */
  readonly pauseMs: number;
  readonly progress: Pick<Progress, "update" | "note">;
}

/** Downloads a file whose SHA-256 is known; goes on where a broken or stalled attempt, or an earlier run, stopped. */
export async function download(options: DownloadOptions): Promise<void> {
  const resumed = (await sizeOf(options.file)) > 0;
  let found = await transferAndHash(options);
  if (found !== options.sha256 && resumed) {
    options.progress.note("what an earlier run had left was damaged; starting afresh");
    await rm(options.file, { force: true });
    found = await transferAndHash(options);
  }
  if (found === options.sha256) return;
  await rm(options.file, { force: true });
  throw problem("A download is not what its publisher says it is; it was thrown away", {
    property: options.url,
    found: `SHA-256 ${found}`,
    expected: `SHA-256 ${options.sha256}`,
    fix: "run the same command again; if it stays so, something on the way changes downloads",
  });
}

async function transferAndHash(options: DownloadOptions): Promise<string> {
  let failure = "";
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      await transfer(options);
      return await sha256Of(options.file);
    } catch (error) {
      if (error instanceof ProblemReport) throw error;
      failure = reasonOf(error);
      options.progress.note(`the download broke off: ${failure} (attempt ${String(attempt)} of ${String(attempts)})`);
      if (attempt < attempts) await sleep(options.pauseMs);
    }
  }
  throw problem("A download broke off again and again", {
    property: options.url,
    found: `${failure}; ${megabytes(await sizeOf(options.file))} arrived`,
    expected: "the whole file",
    fix: "run the same command again: it goes on where it stopped",
  });
}

async function transfer({ url, file, stallMs, progress }: DownloadOptions): Promise<void> {
  const have = await sizeOf(file);
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort(new Error(`nothing arrived for ${String(stallMs / 1000)} s`));
  }, stallMs);
  try {
    const headers = have > 0 ? { Range: `bytes=${String(have)}-` } : undefined;
    const response = await fetch(url, { signal: stalled.signal, ...(headers && { headers }) });
    // Nothing is left to ask for: the file is whole, or the checksum will tell.
    if (response.status === 416 && have > 0) return;
    requireOk(url, response);
    const goesOn =
      response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${String(have)}-`);
    let received = goesOn === true ? have : 0;
    const length = Number(response.headers.get("content-length") ?? 0);
    const total = length > 0 ? received + length : 0;
    if (response.body === null) throw new Error("an empty answer");
    const watched = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        timer.refresh();
        received += chunk.length;
        progress.update(total > 0 ? `${megabytes(received)} of ${megabytes(total)}` : megabytes(received));
        yield chunk;
      }
    };
    await pipeline(Readable.fromWeb(response.body), watched, createWriteStream(file, { flags: goesOn ? "a" : "w" }));
    if (total > 0 && received < total) throw new Error(`the host closed after ${megabytes(received)}`);
  } finally {
    clearTimeout(timer);
  }
}

function requireOk(url: string, response: Response): void {
  if (response.ok) return;
  const answer = `HTTP ${String(response.status)} ${response.statusText}`.trim();
  // The host may be overloaded for a moment; what it says about the file itself will not change.
  if (response.status >= 500 || response.status === 429) throw new Error(answer);
  throw problem("A download is not where it was looked for", {
    property: url,
    found: answer,
    expected: "the file",
    fix: "look whether GARRISON_PULUMI_RELEASES names the right directory, or unset it",
  });
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
