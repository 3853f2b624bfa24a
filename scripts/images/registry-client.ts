import { createHash } from "node:crypto";

/** A repository and a tag as the image lock names them. */
export interface TaggedImage {
  /** With its registry: `docker.io/valkey/valkey`. */
  readonly repository: string;
  readonly tag: string;
}

/** Why a digest could not be looked up, as a sentence. */
export class LookUpError extends Error {
  override readonly name = "LookUpError";
}

const TIMEOUT_MS = 20_000;
/** Registries allow 4 MiB for a manifest. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Several machines first: the digest of an index holds on every architecture. */
const ACCEPT = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Asks the image's registry which digest the tag has now. The digest is computed from the manifest itself; a registry
 * that claims another one is not believed.
 *
 * @throws {LookUpError}
 */
export async function lookUpDigest({ repository, tag }: TaggedImage): Promise<string> {
  const { origin, path } = locate(repository);
  const url = `${origin}/v2/${path}/manifests/${tag}`;
  const first = await request(url, { accept: ACCEPT });
  const response = first.status === 401 ? await requestWithToken(url, first) : first;
  if (response.status === 404) throw new LookUpError(`${repository} has no tag ${tag}`);
  if (response.status !== 200) throw new LookUpError(`${url} answers ${response.status}`);
  return verifiedDigest(response, await readBody(response, url), url);
}

/** The address of the registry's API and the repository's name on it. */
function locate(repository: string): { origin: string; path: string } {
  const slash = repository.indexOf("/");
  const host = repository.slice(0, slash);
  const path = repository.slice(slash + 1);
  if (slash < 1 || path === "" || !/[.:]|^localhost$/.test(host)) {
    throw new LookUpError(`"${repository}" does not begin with a registry, such as docker.io/`);
  }
  if (host === "docker.io") {
    return { origin: "https://registry-1.docker.io", path: path.includes("/") ? path : `library/${path}` };
  }
  return { origin: `${isLoopback(host) ? "http" : "https"}://${host}`, path };
}

/** As Docker does it: a registry of this very machine may speak plain HTTP. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3})(:\d+)?$/.test(host);
}

async function requestWithToken(url: string, refused: Response): Promise<Response> {
  const challenge = refused.headers.get("www-authenticate") ?? "";
  const token = await fetchToken(challenge, url);
  return request(url, { accept: ACCEPT, authorization: `Bearer ${token}` });
}

/** An anonymous token for one pull, from where the registry's challenge sends us. */
async function fetchToken(challenge: string, url: string): Promise<string> {
  const parameters = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const realm = parameters.get("realm");
  if (!/^bearer\s/i.test(challenge) || realm === undefined || !URL.canParse(realm)) {
    throw new LookUpError(`${url} wants a login, and not by a token that anybody can have`);
  }
  const service = new URL(realm);
  if (service.protocol !== "https:" && !isLoopback(service.host)) {
    throw new LookUpError(`${url} sends us for a token to ${realm}, which is not encrypted`);
  }
  for (const name of ["service", "scope"]) {
    const value = parameters.get(name);
    if (value !== undefined) service.searchParams.set(name, value);
  }
  const response = await request(service.href, { accept: "application/json" });
  if (response.status !== 200) throw new LookUpError(`${service.origin} refuses a token (${response.status})`);
  return tokenIn((await readBody(response, realm)).toString(), service.origin);
}

function tokenIn(text: string, origin: string): string {
  try {
    const answer = JSON.parse(text) as { token?: unknown; access_token?: unknown } | null;
    const token = answer?.token ?? answer?.access_token;
    if (typeof token === "string" && token !== "") return token;
  } catch {
    // Told below, as is an answer without a token.
  }
  throw new LookUpError(`${origin} answers something else than a token`);
}

async function request(url: string, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new LookUpError(`${new URL(url).host} cannot be reached: ${reasonOf(error)}`);
  }
}

async function readBody(response: Response, url: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += part.byteLength;
      if (size > MAX_BYTES) break;
      parts.push(part);
    }
  } catch (error) {
    throw new LookUpError(`${url} ended half-way: ${reasonOf(error)}`);
  }
  if (size > MAX_BYTES) throw new LookUpError(`${url} sends more than a manifest may have`);
  return Buffer.concat(parts);
}

function verifiedDigest(response: Response, body: Buffer, url: string): string {
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const claimed = response.headers.get("docker-content-digest");
  if (claimed !== null && claimed !== digest) {
    throw new LookUpError(`${url} claims the digest ${claimed}, but what it sends has ${digest}`);
  }
  return digest;
}

// fetch says "fetch failed" and keeps the reason to itself.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
