/** A repository as the image lock names it, on the API of its registry. */
interface RegistryAddress {
  readonly origin: string;
  /** The repository's name there. */
  readonly path: string;
}

/** What a registry said. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Why a registry could not be asked, as a sentence. */
export class LookUpError extends Error {
  override readonly name = "LookUpError";
}

const TIMEOUT_MS = 20_000;
/** Registries allow 4 MiB for a manifest. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Asks a registry, with an anonymous token where it wants one.
 *
 * @throws {LookUpError}
 */
export async function askRegistry(url: string, accept: string): Promise<RegistryAnswer> {
  const first = await request(url, { accept });
  const response =
    first.status === 401
      ? await request(url, { accept, authorization: `Bearer ${await fetchToken(first, url)}` })
      : first;
  return { status: response.status, headers: response.headers, body: await readBody(response, url) };
}

/** The address of the registry's API and the repository's name on it. */
export function locate(repository: string): RegistryAddress {
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

/** An anonymous token for one pull, from where the registry's challenge sends us. */
async function fetchToken(refused: Response, url: string): Promise<string> {
  const challenge = refused.headers.get("www-authenticate") ?? "";
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

// fetch says "fetch failed" and keeps the reason to itself.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
