import { tmpfs } from "#components/container/facts.ts";
import { wget } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { nginxServer } from "./config.ts";
import { evidence } from "./evidence.ts";

export interface NginxWires {
  /** Pages by the first label of the host name under which each is opened. */
  readonly pages: Readonly<Record<string, Endpoint<"http" | "https">>>;
}

/**
 * The only way in from the tunnel: hands requests to the pages that people open.
 *
 * @example
 * ```ts
 * // status.example.org, or whatever the tunnel's name begins with `status`, is answered by Uptime Kuma.
 * const front = nginx("front", { pages: { status: uptime } });
 * ```
 */
export function nginx(name: string, { pages }: NginxWires): Endpoint<"pages"> {
  return define(name, {
    uses: Object.fromEntries(
      Object.entries(pages).map(([page, to]) => [page, { to, why: `people open the ${page} page` }]),
    ),
    serves: { speaks: "pages", port: 8080 },
    facts: () => ({
      purpose: "Nginx: front of the pages that people open",
      image: "nginx",
      evidence,
      memory: 64,
      memoryFloor: 32,
      cpus: 0.5,
      pids: 64,
      writable: { "/tmp": tmpfs(32) },
      health: wget(8080, "/healthz"),
      listens: [8080],
    }),
    files: (self) => ({ "/etc/nginx/conf.d/default.conf": nginxServer(self, Object.keys(pages)) }),
  });
}
