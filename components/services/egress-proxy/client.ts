import type { Peer } from "#components/wiring/blueprint.ts";

/** Where a forward proxy listens. */
export function proxyUrl({ authority }: Peer): string {
  return `http://${authority}`;
}

/**
 * Environment of a program whose way out is the proxy. HTTPS alone: the proxy tunnels nothing else, and what a program
 * asks its neighbours for over HTTP must not go there.
 *
 * @example
 * ```ts
 * const fetcher = define("fetcher", {
 *   uses: { out: { to: out, why: "it fetches pages", hosts: [{ hosts: [".example.org"], why: "the pages" }] } },
 *   facts: (self) => ({ ...facts, environment: throughProxy(self.use("out")) }),
 * });
 * ```
 */
export function throughProxy(proxy: Peer): Readonly<Record<"HTTPS_PROXY", string>> {
  return { HTTPS_PROXY: proxyUrl(proxy) };
}
