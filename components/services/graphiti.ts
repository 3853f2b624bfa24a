import { throughEgressProxy } from "../config/egress.ts";
import { graphitiFiles } from "../config/graphiti.ts";
import { exec } from "../container/health.ts";
import { evidence } from "./graphiti.evidence.ts";
import { service, tmpfs } from "./service.ts";

/** Without what Python imports by itself: on a busy machine that alone takes seconds. */
const HEALTH = ["python", "-IS", "/opt/graphiti/server/health.py", "http://127.0.0.1:8000/healthcheck"];

/**
 * The agent's memory as a service: our own server around graphiti-core, in `graphiti/image`. Its API has no
 * authentication: only the gateway shares a network with it.
 */
export const graphiti = service("graphiti", {
  purpose: "Graphiti: the agent's memory, REST",
  number: 6,
  image: "graphiti",
  evidence,
  memory: 1024,
  memoryFloor: 192,
  cpus: 1,
  pids: 64,
  environment: { SEMAPHORE_LIMIT: "10", ...throughEgressProxy },
  files: graphitiFiles,
  writable: { "/tmp": tmpfs(16) },
  health: exec(HEALTH, { startPeriod: 60 }),
  listens: [8000],
  declares: { role: "memory-service" },
});
