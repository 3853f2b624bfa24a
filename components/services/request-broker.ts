import { throughEgressProxy } from "../config/egress.ts";
import { node } from "../container/health.ts";
import { evidence } from "./request-broker.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

export const requestBroker = service("request-broker", {
  purpose: "Request broker: asks the operator before anything irreversible",
  number: 8,
  image: "request-broker",
  evidence,
  memory: 256,
  memoryFloor: 32,
  cpus: 0.5,
  pids: 64,
  environment: { NODE_USE_ENV_PROXY: "1", ...throughEgressProxy },
  writable: { "/tmp": tmpfs(32), "/data": volume("request-broker-data") },
  health: node(8080, "/healthz"),
  listens: [8080],
  declares: { role: "approver" },
});
