import { createHash } from "node:crypto";
import { askRegistry, locate, LookUpError } from "./registry-request.ts";
import type { RegistryAnswer } from "./registry-request.ts";

export { LookUpError } from "./registry-request.ts";

/** A repository and a tag as the image lock names them. */
export interface TaggedImage {
  /** With its registry: `docker.io/valkey/valkey`. */
  readonly repository: string;
  readonly tag: string;
}

/** Several machines first: the digest of an index holds on every architecture. */
const ACCEPT = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** A repository with more tags than this many pages hold is not read to its end. */
const MAX_PAGES = 50;

/**
 * Asks the image's registry which digest the tag has now. The digest is computed from the manifest itself; a registry
 * that claims another one is not believed.
 *
 * @throws {LookUpError}
 */
export async function lookUpDigest({ repository, tag }: TaggedImage): Promise<string> {
  const { origin, path } = locate(repository);
  const url = `${origin}/v2/${path}/manifests/${tag}`;
  const answer = await askRegistry(url, ACCEPT);
  if (answer.status === 404) throw new LookUpError(`${repository} has no tag ${tag}`);
  if (answer.status !== 200) throw new LookUpError(`${url} answers ${answer.status}`);
  return verifiedDigest(answer, url);
}

/**
 * Asks the registry for every tag of a repository, page by page.
 *
 * @throws {LookUpError}
 */
export async function listTags(repository: string): Promise<string[]> {
  const { origin, path } = locate(repository);
  const tags: string[] = [];
  let next: string | undefined = `${origin}/v2/${path}/tags/list?n=1000`;
  for (let page = 0; next !== undefined; page += 1) {
    if (page === MAX_PAGES) throw new LookUpError(`${repository} has more tags than ${MAX_PAGES} pages hold`);
    const answer: RegistryAnswer = await askRegistry(next, "application/json");
    if (answer.status !== 200) throw new LookUpError(`${next} answers ${answer.status}`);
    tags.push(...tagsIn(answer.body.toString(), next));
    next = nextPage(answer.headers.get("link"), next);
  }
  return tags;
}

function tagsIn(text: string, url: string): string[] {
  try {
    const { tags } = JSON.parse(text) as { tags?: unknown };
    if (tags === null) return [];
    if (Array.isArray(tags) && tags.every((tag) => typeof tag === "string")) return tags;
  } catch {
    // Told below, as is an answer without tags.
  }
  throw new LookUpError(`${url} answers something else than a list of tags`);
}

/** A registry that sends us elsewhere for the rest is not followed. */
function nextPage(link: string | null, url: string): string | undefined {
  const [, target] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "") ?? [];
  if (target === undefined) return undefined;
  const next = new URL(target, url);
  if (next.origin !== new URL(url).origin) throw new LookUpError(`${url} sends us for more tags to ${next.origin}`);
  return next.href;
}

function verifiedDigest({ headers, body }: RegistryAnswer, url: string): string {
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const claimed = headers.get("docker-content-digest");
  if (claimed !== null && claimed !== digest) {
    throw new LookUpError(`${url} claims the digest ${claimed}, but what it sends has ${digest}`);
  }
  return digest;
}
