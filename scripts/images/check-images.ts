import type { ImageLock, LockedImage } from "#components/container/image-lock.ts";
import type { Hole, ImageReleases } from "./known-holes.ts";
import { LookUpError } from "./registry-client.ts";
import { compareVersions, sameLine, versionOf, withVersion } from "./version.ts";
import type { Version } from "./version.ts";

/** What is known of one pinned image. */
export interface PinReport {
  readonly key: string;
  /** `null` where the estate builds the image itself. */
  readonly tag: string | null;
  /** Holes that the pinned release has. */
  readonly holes: readonly Hole[];
  /** Those of them that count. */
  readonly open: readonly Hole[];
  /** The tag of the first release that is without them. */
  readonly floor?: string;
  /** The newest tag of the pin's line, where it is newer than the pin. */
  readonly newer?: string;
  /** Why the registry did not say which tags there are. */
  readonly unasked?: string;
  readonly note?: string;
  /** What keeps the pin from being judged. */
  readonly unknown?: string;
}

/** Every tag of a repository, from its registry. */
type ListTags = (repository: string) => Promise<readonly string[]>;

/**
 * Judges every pin of the lock by the holes that are known of it, and by the tags that its registry has.
 *
 * @param listTags undefined: nobody is asked
 */
export async function checkImages(
  lock: ImageLock,
  releases: Readonly<Record<string, ImageReleases>>,
  listTags?: ListTags,
): Promise<PinReport[]> {
  return Promise.all(Object.entries(lock.images).map(([key, image]) => checkPin(key, image, releases[key], listTags)));
}

const nothing = { holes: [], open: [] };

async function checkPin(
  key: string,
  { repository, tag, missing }: LockedImage,
  known: ImageReleases | undefined,
  listTags: ListTags | undefined,
): Promise<PinReport> {
  if (repository === null) return { ...nothing, key, tag: null, unknown: missing ?? "built by the estate" };
  const pinned = versionOf(tag ?? "");
  if (tag === null || pinned === undefined) return { ...nothing, key, tag, unknown: "a tag without a version" };
  if (known === undefined) return { ...nothing, key, tag, unknown: "nobody has written down what is known of it" };
  const holes = known.holes.filter((hole) => hasHole(pinned, hole));
  const open = holes.filter(({ notHere }) => notHere === undefined);
  const floor = floorOf(open, pinned);
  return {
    key,
    tag,
    holes,
    open,
    ...(floor !== undefined && { floor: withVersion(tag, floor) }),
    ...(listTags !== undefined && (await newestOf(repository, tag, known.line, listTags))),
    ...(known.note !== undefined && { note: known.note }),
  };
}

/** Whether a release has a hole. */
export function hasHole(version: Version, { fixed, since }: Hole): boolean {
  if (since !== undefined && compareVersions(version, parsed(since)) < 0) return false;
  const fixes = fixed.map(parsed);
  const own = fixes.filter((fix) => sameLine(fix, version));
  return (own.length > 0 ? own : fixes).every((fix) => compareVersions(version, fix) < 0);
}

/** The newest of the fixes that a release of this line would need. */
function floorOf(holes: readonly Hole[], version: Version): string | undefined {
  const needed = holes.flatMap(({ fixed }) => {
    const own = fixed.filter((fix) => sameLine(parsed(fix), version));
    return own.length > 0 ? own : fixed.slice(-1);
  });
  return needed.sort((a, b) => compareVersions(parsed(a), parsed(b))).at(-1);
}

async function newestOf(
  repository: string,
  tag: string,
  line: RegExp,
  listTags: ListTags,
): Promise<Pick<PinReport, "newer" | "unasked">> {
  try {
    const tags = (await listTags(repository)).filter((one) => line.test(one));
    const newest = [tag, ...tags].sort((a, b) => compareVersions(parsed(a), parsed(b))).at(-1) ?? tag;
    return compareVersions(parsed(newest), parsed(tag)) > 0 ? { newer: newest } : {};
  } catch (error) {
    if (!(error instanceof LookUpError)) throw error;
    return { unasked: error.message };
  }
}

function parsed(tag: string): Version {
  const version = versionOf(tag);
  if (version === undefined) throw new Error(`${tag} has no version`);
  return version;
}
