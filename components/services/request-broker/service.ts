import { tmpfs, volume } from "#components/container/facts.ts";
import { node } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Service } from "#components/wiring/blueprint.ts";
import { evidence } from "./evidence.ts";

export function requestBroker(name: string): Service {
  return define(name, {
    uses: {},
    facts: (self) => ({
      purpose: "Request broker: asks the operator before anything irreversible",
      image: "request-broker",
      evidence,
      memory: 256,
      memoryFloor: 32,
      cpus: 0.5,
      pids: 64,
      writable: { "/tmp": tmpfs(32), "/data": volume(`${self.name}-data`) },
      health: node(8080, "/healthz"),
      listens: [8080],
      idle: "its program is not written yet: it holds its place, asks nobody and is asked by nobody",
      declares: { role: "approver" },
    }),
  });
}
