import { throughEgressProxy } from "../config/egress.ts";
import { node } from "../container/health.ts";
import { evidence } from "./gmail-notify.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

export const gmailNotify = service("gmail-notify", {
  purpose: "Gmail to Telegram push",
  number: 9,
  image: "gmail-notify",
  evidence,
  memory: 256,
  memoryFloor: 32,
  cpus: 0.5,
  pids: 64,
  environment: { NODE_USE_ENV_PROXY: "1", ...throughEgressProxy },
  writable: { "/tmp": tmpfs(32), "/data": volume("gmail-notify-data") },
  health: node(8080, "/healthz"),
  listens: [8080],
});
