import { tmpfs, volume } from "#components/container/facts.ts";
import { wget } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { INTERNET_CA, searxngSettings } from "./config.ts";
import type { SearchEngine } from "./config.ts";
import { evidence } from "./evidence.ts";

export interface SearxngWires {
  readonly cache: Endpoint<"redis">;
  readonly out: Endpoint<"forward-proxy">;
  /** Hosts of the search engines that it asks: see {@link SearchEngine}. */
  readonly engines: readonly SearchEngine[];
}

/**
 * Web search. Searches leave through the egress proxy.
 *
 * @example
 * ```ts
 * const cache = valkey("search-cache");
 * const search = searxng("search", { cache, out, engines: ["en.wikipedia.org", "www.mojeek.com"] });
 * ```
 */
export function searxng(name: string, { cache, out, engines }: SearxngWires): Endpoint<"searxng"> {
  return define(name, {
    uses: {
      cache: { to: cache, why: "the search caches and counts", keys: "SearXNG_*" },
      out: {
        to: out,
        why: "search engines are on the internet",
        hosts: [{ hosts: engines, why: "the search engines" }],
      },
    },
    serves: { speaks: "searxng", port: 8080 },
    secrets: { key: { why: "signs what SearXNG hands to browsers", source: { type: "bytes", length: 32 } } },
    facts: (self) => ({
      purpose: "SearXNG: web search",
      image: "searxng",
      evidence,
      user: { uid: 977, gid: 977 },
      memory: 512,
      memoryFloor: 160,
      cpus: 1,
      pids: 128,
      environment: {
        FORCE_OWNERSHIP: "false",
        GRANIAN_HOST: "0.0.0.0",
      },
      writable: { "/tmp": tmpfs(64), "/var/cache/searxng": volume(`${self.name}-cache`) },
      health: wget(8080, "/healthz", { startPeriod: 30 }),
      listens: [8080],
      waivers: [
        waive("container.user", {
          reason: "the image owns its program and settings directories as uid 977 and checks them at start",
          owner: "platform",
          expires: "2027-06-30",
        }),
      ],
    }),
    files: (self) => ({
      "/etc/searxng/settings.yml": searxngSettings(self, engines),
      ...(self.settings.internetCa !== undefined && { [INTERNET_CA]: self.settings.internetCa }),
    }),
  });
}
