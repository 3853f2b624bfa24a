import { throughEgressProxy } from "../config/egress.ts";
import { node } from "../container/health.ts";
import { evidence } from "./calendar-aggregator.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

export const calendarAggregator = service("calendar-aggregator", {
  purpose: "Merges 14 calendars into availability.json",
  number: 10,
  image: "calendar-aggregator",
  evidence,
  memory: 256,
  memoryFloor: 32,
  cpus: 0.5,
  pids: 64,
  environment: { NODE_USE_ENV_PROXY: "1", ...throughEgressProxy },
  writable: { "/tmp": tmpfs(32), "/data": volume("calendar-aggregator-data") },
  health: node(8080, "/healthz"),
  listens: [8080],
});
