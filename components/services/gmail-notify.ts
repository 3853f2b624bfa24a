import { node } from "../container/health.ts";
import { service, tmpfs, volume } from "./service.ts";

export const gmailNotify = service("gmail-notify", {
  purpose: "Gmail to Telegram push",
  number: 9,
  image: "gmail-notify",
  memory: 256,
  memoryFloor: 32,
  cpus: 0.5,
  pids: 64,
  writable: { "/tmp": tmpfs(32), "/data": volume("gmail-notify-data") },
  health: node(8080, "/healthz"),
  listens: [8080],
});
