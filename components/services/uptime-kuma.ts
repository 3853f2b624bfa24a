import { throughEgressProxy } from "../config/egress.ts";
import { exec } from "../container/health.ts";
import { service, tmpfs, volume } from "./service.ts";

/** Watches the services. The first visitor makes the administrator account, so it is reached through Nginx only. */
export const uptimeKuma = service("uptime-kuma", {
  purpose: "Uptime Kuma: watches the services",
  number: 18,
  image: "uptime-kuma",
  memory: 512,
  memoryFloor: 64,
  cpus: 0.5,
  pids: 256,
  environment: { UPTIME_KUMA_DB_TYPE: "sqlite", UPTIME_KUMA_PORT: "3001", ...throughEgressProxy },
  writable: { "/tmp": tmpfs(64), "/app/data": volume("uptime-kuma-data") },
  health: exec(["extra/healthcheck"], { interval: 10, startPeriod: 60 }),
  listens: [3001],
  startSeconds: 240,
});
