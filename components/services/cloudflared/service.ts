import { exec } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { secret } from "#components/secrets/reference.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint, Service } from "#components/wiring/blueprint.ts";
import { evidence } from "./evidence.ts";

export interface CloudflaredWires {
  /** What answers for the host names of the tunnel. */
  readonly pages: Endpoint<"pages">;
}

/**
 * Outbound tunnel to Cloudflare; the machine has no public address.
 *
 * @example
 * ```ts
 * const pages = nginx("nginx", { pages: { status: uptime } });
 * const tunnel = cloudflared("tunnel", { pages });
 * ```
 */
export function cloudflared(name: string, { pages }: CloudflaredWires): Service {
  return define(name, {
    uses: {
      pages: {
        to: pages,
        why: "the tunnel hands requests to Nginx",
        configuredBy: "the tunnel's ingress rules, which Cloudflare keeps and hands over at start",
      },
    },
    external: { "cloudflared-token": "the tunnel connector proves to Cloudflare which tunnel it serves" },
    places: [
      { place: "internet", ports: [443, 7844, "7844/udp"], why: "the tunnel is begun from inside" },
      { place: "resolver", ports: [53, "53/udp"], why: "Cloudflare's addresses change" },
    ],
    facts: () => ({
      purpose: "Cloudflare tunnel connector",
      image: "cloudflared",
      evidence,
      memory: 128,
      memoryFloor: 32,
      cpus: 0.5,
      pids: 64,
      command: ["tunnel", "run", "--token-file", "/etc/cloudflared/token"],
      environment: {
        NO_AUTOUPDATE: "true",
        TUNNEL_METRICS: "127.0.0.1:20241",
        TUNNEL_TRANSPORT_PROTOCOL: "auto",
      },
      writable: {},
      health: exec(["cloudflared", "tunnel", "--metrics", "127.0.0.1:20241", "ready"], { startPeriod: 30 }),
      listens: [20241],
      waivers: [
        waive("network.egress", {
          reason: "it connects to Cloudflare's edge directly, whatever proxy it is told of (cloudflared#1240)",
          owner: "network",
          expires: "2027-09-30",
        }),
      ],
    }),
    files: () => ({ "/etc/cloudflared/token": secret("cloudflared-token") }),
  });
}
