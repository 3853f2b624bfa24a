import { tmpfs } from "#components/container/facts.ts";
import type { Health } from "#components/container/health.ts";
import { node } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint, Facts, Service } from "#components/wiring/blueprint.ts";
import { FIRECRAWL_ENVIRONMENT, FIRECRAWL_NODE, firecrawlEnvironment } from "./config.ts";
import { evidence } from "./evidence.ts";

export interface FirecrawlWires {
  readonly queue: Endpoint<"job-queue">;
  readonly browser: Endpoint<"firecrawl-browser">;
}

/**
 * Firecrawl's API: makes text of pages. It asks nobody who they are: whoever is handed it may read what its browser
 * reaches. Neither it nor its workers have a way out. What they would fetch themselves, they would refuse behind a proxy:
 * they compare the address that they are connected to, which is the proxy's, with those of private networks.
 *
 * @example
 * ```ts
 * const wires = { queue: jobQueue("crawl-jobs"), browser: firecrawlBrowser("crawl-browser", { out }) };
 * const crawl = firecrawl("crawl", { ...wires, search });
 * const worker = firecrawlWorker("crawl-worker", wires);
 * ```
 */
export function firecrawl(
  name: string,
  { queue, browser, search }: FirecrawlWires & { readonly search?: Endpoint<"searxng"> },
): Endpoint<"firecrawl"> {
  return define(name, {
    uses: {
      queue: { to: queue, why: "pages to read wait there" },
      browser: { to: browser, why: "pages are opened by it" },
      search: search && { to: search, why: "pages are found by searching" },
    },
    serves: { speaks: "firecrawl", port: 3002 },
    secrets: QUEUES,
    facts: () => container("Firecrawl: pages as text", "dist/src/index.js", 3002, "/test"),
    files: (self) => ({
      [FIRECRAWL_ENVIRONMENT]: firecrawlEnvironment(self, {
        HOST: "0.0.0.0",
        PORT: "3002",
        ...(search !== undefined && { SEARXNG_ENDPOINT: `http://${self.use("search").authority}` }),
      }),
    }),
  });
}

/**
 * Does what waits in Firecrawl's queue.
 *
 * @example
 * ```ts
 * const queue = jobQueue("crawl-jobs");
 * const worker = firecrawlWorker("crawl-worker", { queue, browser: firecrawlBrowser("crawl-browser", { out }) });
 * ```
 */
export function firecrawlWorker(name: string, { queue, browser }: FirecrawlWires): Service {
  return define(name, {
    uses: {
      queue: { to: queue, why: "takes pages to read from there" },
      browser: { to: browser, why: "has pages opened" },
    },
    secrets: QUEUES,
    facts: () => container("Firecrawl: reads pages", "dist/src/services/queue-worker.js", 3005, "/liveness"),
    files: (self) => ({ [FIRECRAWL_ENVIRONMENT]: firecrawlEnvironment(self, { WORKER_PORT: "3005" }) }),
  });
}

const QUEUES = {
  queues: { why: "opens the page that shows the queues", source: { type: "bytes", length: 32 } },
} as const;

function container(purpose: string, program: string, port: number, path: string): Facts {
  const health: Health = node(port, path, { interval: 10, startPeriod: 60 });
  return {
    purpose,
    image: "firecrawl",
    evidence,
    memory: 2048,
    memoryFloor: 192,
    cpus: 1,
    pids: 256,
    entrypoint: [...FIRECRAWL_NODE, program],
    workingDir: "/app",
    environment: { HOME: "/tmp" },
    writable: { "/tmp": tmpfs(128) },
    health,
    listens: [port],
    ulimits: { nofile: [65_535, 65_535] },
    startSeconds: 240,
  };
}
