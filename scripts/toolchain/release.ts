import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { extract } from "tar";
import { startProgress } from "#helpers/terminal/progress.ts";
import { reasonOf } from "#helpers/terminal/reason.ts";
import { problem } from "#helpers/terminal/report.ts";
import { download } from "./download.ts";
import { UnreachableError } from "./unreachable.ts";

/** Where the official releases lie: `<base>/pulumi-v<version>-<os>-<cpu>.tar.gz` and `<base>/pulumi-<version>-checksums.txt`. */
export const officialBase = "https://get.pulumi.com/releases/sdk";

export interface ReleaseSource {
  /** The directory of the releases, without a slash at the end. */
  readonly base: string;
  readonly version: string;
  /** How long the host may take to hand out the list of checksums before it counts as unreachable. @default 5000 */
  readonly probeMs?: number;
  /** How long a download may stand still. @default 20000 */
  readonly stallMs?: number;
  /** Pause before a download goes on after a failure. @default 1000 */
  readonly pauseMs?: number;
}

/** The official place, or the mirror that GARRISON_PULUMI_RELEASES names. */
export function releaseBase(environment: NodeJS.ProcessEnv = process.env): string {
  const mirror = environment.GARRISON_PULUMI_RELEASES;
  if (mirror === undefined || mirror === "") return officialBase;
  if (URL.canParse(mirror) && /^https?:$/.test(new URL(mirror).protocol)) return mirror.replace(/\/+$/, "");
  throw problem("The place to download Pulumi from is not an address", {
    property: "GARRISON_PULUMI_RELEASES",
    found: mirror,
    expected: `an http(s) address of a directory that is laid out like ${officialBase}`,
    fix: "unset GARRISON_PULUMI_RELEASES",
  });
}

/**
 * Downloads the release for this platform, compares its SHA-256 and unpacks what Node.js projects need of it.
 * @param directory an empty directory that receives the programs
 * @param downloads a directory that keeps a part of the archive, so that a broken download goes on where it stopped
 * @throws UnreachableError when the host does not answer within a few seconds
 */
export async function fetchRelease(source: ReleaseSource, directory: string, downloads: string): Promise<void> {
  const name = archiveName(source.version);
  const sha256 = await fetchChecksum(source, name);
  await mkdir(downloads, { recursive: true });
  // The checksum in the name: parts of two different archives can never be joined.
  const archive = join(downloads, `${name}.${sha256.slice(0, 12)}.part`);
  const progress = startProgress(`Downloading Pulumi ${source.version}`);
  try {
    await download({
      url: `${source.base}/${name}`,
      file: archive,
      sha256,
      stallMs: source.stallMs ?? 20_000,
      pauseMs: source.pauseMs ?? 1000,
      progress,
    });
    progress.update("unpacking");
    await unpack(archive, directory);
    await rm(archive);
    progress.done("downloaded, checksum verified");
  } catch (error) {
    progress.fail();
    throw error;
  }
}

/** The file name of the release for a platform; macOS and Linux on x64 and arm64 are what Pulumi publishes. */
export function archiveName(version: string, platform: string = process.platform, cpu: string = process.arch): string {
  if (["linux", "darwin"].includes(platform) && ["x64", "arm64"].includes(cpu)) {
    return `pulumi-v${version}-${platform}-${cpu}.tar.gz`;
  }
  throw problem("There is no Pulumi for this platform", {
    property: "platform",
    found: `${platform}-${cpu}`,
    expected: "linux or darwin on x64 or arm64",
  });
}

async function fetchChecksum(source: ReleaseSource, name: string): Promise<string> {
  const url = `${source.base}/pulumi-${source.version}-checksums.txt`;
  const text = await fetchText(url, source.probeMs ?? 5000);
  const line = text
    .split("\n")
    .map((row) => /^([0-9a-f]{64})\s+\*?(\S+)$/i.exec(row.trim()))
    .find((match) => match?.[2] === name);
  const sha256 = line?.[1];
  if (sha256 !== undefined) return sha256.toLowerCase();
  throw problem("The release of Pulumi has no file for this platform", {
    property: url,
    found: "no line with a SHA-256 for it",
    expected: name,
    fix: "look whether GARRISON_PULUMI_RELEASES names the right directory",
  });
}

async function fetchText(url: string, timeoutMs: number): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    text = await response.text();
  } catch (error) {
    throw new UnreachableError(`${new URL(url).host} cannot be reached (${reasonOf(error)})`, { cause: error });
  }
  if (response.ok) return text;
  const answer = `HTTP ${String(response.status)} ${response.statusText}`.trim();
  // Proxies that keep the internet away answer in the host's place.
  if ([403, 407].includes(response.status) || response.status >= 500) {
    throw new UnreachableError(`${new URL(url).host} gives nothing out (${answer})`);
  }
  throw problem("This release of Pulumi is not where it was looked for", {
    property: url,
    found: answer,
    expected: "the list of checksums of the release",
    fix: "look whether GARRISON_PULUMI_RELEASES names the right directory, or unset it",
  });
}

async function unpack(archive: string, directory: string): Promise<void> {
  await extract({
    file: archive,
    cwd: directory,
    strip: 1,
    strict: true,
    // The release carries a host for every language; only ours is wanted.
    filter: (path) => !path.includes("pulumi-language-") || path.endsWith("pulumi-language-nodejs"),
  });
}
