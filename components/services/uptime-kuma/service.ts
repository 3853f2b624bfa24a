import { tmpfs, volume } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { evidence } from "./evidence.ts";

export interface UptimeKumaWires {
  readonly out: Endpoint<"forward-proxy">;
  /** Names of the pages that it may watch; `.example.org` stands for the name and everything below it. */
  readonly watches: readonly string[];
}

/**
 * Watches pages on the internet, through the egress proxy, which each monitor is given by hand
 * (docs/how-to/after-the-first-deploy.md): with the proxy in its environment it sends `GET https://…` in place of CONNECT.
 * It has no way to the services here. The first visitor makes the administrator account, so it is reached through Nginx only.
 *
 * @example
 * ```ts
 * const uptime = uptimeKuma("uptime", { out, watches: [".example.org"] });
 * ```
 */
export function uptimeKuma(name: string, { out, watches }: UptimeKumaWires): Endpoint<"http"> {
  return define(name, {
    uses: {
      out: {
        to: out,
        why: "pages outside are watched",
        hosts: [{ hosts: watches, why: "the public pages are watched" }],
        configuredBy: "whoever sets a monitor up gives it the proxy",
      },
    },
    serves: { speaks: "http", port: 3001 },
    facts: (self) => ({
      purpose: "Uptime Kuma: watches pages on the internet",
      image: "uptime-kuma",
      evidence,
      memory: 512,
      memoryFloor: 64,
      cpus: 0.5,
      pids: 256,
      environment: { UPTIME_KUMA_DB_TYPE: "sqlite", UPTIME_KUMA_PORT: "3001" },
      writable: { "/tmp": tmpfs(64), "/app/data": volume(`${self.name}-data`) },
      health: exec(["extra/healthcheck"], { startPeriod: 60 }),
      listens: [3001],
      startSeconds: 240,
    }),
  });
}
