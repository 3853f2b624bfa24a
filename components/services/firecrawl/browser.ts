import { tmpfs } from "#components/container/facts.ts";
import { node } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { proxyUrl } from "../egress-proxy/client.ts";
import { browserEvidence } from "./evidence.ts";

/**
 * Firecrawl's browser: the only part of it that reaches the internet, through the proxy, for any name. It runs the code of
 * strangers' pages and is no agent: an agent is asked by nobody.
 *
 * @example
 * ```ts
 * const browser = firecrawlBrowser("browser", { out });
 * ```
 */
export function firecrawlBrowser(
  name: string,
  { out }: { readonly out: Endpoint<"forward-proxy"> },
): Endpoint<"firecrawl-browser"> {
  return define(name, {
    uses: {
      out: {
        to: out,
        why: "pages are on the internet",
        hosts: [{ hosts: ["*"], why: "which pages are read is what is asked for" }],
      },
    },
    serves: { speaks: "firecrawl-browser", port: 3000 },
    facts: (self) => ({
      purpose: "Firecrawl: opens pages in a browser",
      image: "firecrawl-browser",
      evidence: browserEvidence,
      memory: 2048,
      memoryFloor: 256,
      cpus: 2,
      pids: 512,
      entrypoint: ["node", "dist/api.js"],
      workingDir: "/usr/src/app",
      environment: {
        NODE_ENV: "production",
        PORT: "3000",
        HOME: "/tmp",
        BLOCK_MEDIA: "True",
        PROXY_SERVER: proxyUrl(self.use("out")),
      },
      writable: { "/tmp": tmpfs(512) },
      // Opens a page each time.
      health: node(3000, "/health", { interval: 60, timeout: 20, startPeriod: 60 }),
      listens: [3000],
      startSeconds: 240,
    }),
  });
}
