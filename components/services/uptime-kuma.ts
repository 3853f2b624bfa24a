import { exec } from "../container/health.ts";
import { evidence } from "./uptime-kuma.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

/**
 * Watches pages on the internet, through the egress proxy, which each monitor is given by hand
 * (docs/how-to/after-the-first-deploy.md): with the proxy in its environment it sends `GET https://…` in place of CONNECT.
 * It has no way to the services here. The first visitor makes the administrator account, so it is reached through Nginx only.
 */
export const uptimeKuma = service("uptime-kuma", {
  purpose: "Uptime Kuma: watches pages on the internet",
  number: 18,
  image: "uptime-kuma",
  evidence,
  memory: 512,
  memoryFloor: 64,
  cpus: 0.5,
  pids: 256,
  environment: { UPTIME_KUMA_DB_TYPE: "sqlite", UPTIME_KUMA_PORT: "3001" },
  writable: { "/tmp": tmpfs(64), "/app/data": volume("uptime-kuma-data") },
  health: exec(["extra/healthcheck"], { interval: 10, startPeriod: 60 }),
  listens: [3001],
  startSeconds: 240,
});
