import { exec } from "../container/health.ts";
import { waive } from "../container/waiver.ts";
import { secret } from "../secrets/reference.ts";
import { evidence } from "./cloudflared.evidence.ts";
import { service } from "./service.ts";

/** Outbound tunnel to Cloudflare; the machine has no public address. */
export const cloudflared = service("cloudflared", {
  purpose: "Cloudflare tunnel connector",
  number: 14,
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
  files: () => ({ "/etc/cloudflared/token": secret("cloudflared-token") }),
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
});
