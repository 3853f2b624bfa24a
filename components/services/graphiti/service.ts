import { tmpfs } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { throughProxy } from "../egress-proxy/client.ts";
import { graphitiFiles } from "./config.ts";
import { evidence } from "./evidence.ts";
import { models } from "./settings.ts";

/** Without what Python imports by itself: on a busy machine that alone takes seconds. */
const HEALTH = ["python", "-IS", "/opt/graphiti/server/health.py", "http://127.0.0.1:8000/healthcheck"];

export interface GraphitiWires {
  readonly graph: Endpoint<"falkordb">;
  readonly out: Endpoint<"forward-proxy">;
}

/**
 * The agent's memory as a service: our own server around graphiti-core, in `graphiti/image`. Its API has no
 * authentication: whoever is handed it reads and writes all of it. Nobody is today.
 *
 * @example
 * ```ts
 * const memory = graphiti("memory", { graph: falkordb("graph"), out });
 * ```
 */
export function graphiti(name: string, { graph, out }: GraphitiWires): Endpoint<"graphiti"> {
  return define(name, {
    uses: {
      graph: { to: graph, why: "the memory lives in a graph" },
      out: {
        to: out,
        why: "facts are extracted and embedded by a model",
        hosts: [{ hosts: ["api.openai.com"], why: "facts are extracted and embedded" }],
      },
    },
    serves: { speaks: "graphiti", port: 8000 },
    settings: [models],
    external: { "openai-api-key": "the memory service has facts extracted and embedded" },
    facts: (self) => ({
      purpose: "Graphiti: the agent's memory, REST",
      image: "graphiti",
      evidence,
      memory: 1024,
      memoryFloor: 192,
      cpus: 1,
      pids: 64,
      environment: { SEMAPHORE_LIMIT: "10", ...throughProxy(self.use("out")) },
      writable: { "/tmp": tmpfs(16) },
      health: exec(HEALTH, { startPeriod: 60 }),
      listens: [8000],
      declares: { role: "memory-service" },
    }),
    files: graphitiFiles,
  });
}
