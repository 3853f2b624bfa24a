import { throughEgressProxy } from "../config/egress.ts";
import { graphitiModels } from "../config/graphiti.ts";
import { python } from "../container/health.ts";
import { secret } from "../secrets/reference.ts";
import { evidence } from "./graphiti.evidence.ts";
import { service, tmpfs } from "./service.ts";

/**
 * The program takes its key from its environment only. A shell puts it there at start, so that Docker does not know it,
 * and is replaced by the program.
 */
const START = [
  "set -a",
  ". /etc/graphiti/models.env",
  'OPENAI_API_KEY="$(cat /etc/graphiti/openai-api-key)"',
  "exec uvicorn graph_service.main:app --host 0.0.0.0 --port 8000",
].join("\n");

/** The agent's memory as a service. Its API has no authentication: only the gateway shares a network with it. */
export const graphiti = service("graphiti", {
  purpose: "Graphiti: the agent's memory, REST",
  number: 6,
  image: "graphiti",
  evidence,
  memory: 1024,
  memoryFloor: 64,
  cpus: 1,
  pids: 256,
  command: ["sh", "-euc", START],
  environment: {
    DB_BACKEND: "falkordb",
    FALKORDB_DATABASE: "default_db",
    FALKORDB_HOST: "falkordb",
    FALKORDB_PORT: "6379",
    GRAPHITI_TELEMETRY_ENABLED: "false",
    HOME: "/tmp",
    SEMAPHORE_LIMIT: "10",
    UV_CACHE_DIR: "/tmp/uv",
    ...throughEgressProxy,
  },
  files: (machine) => ({
    "/etc/graphiti/models.env": graphitiModels(machine),
    "/etc/graphiti/openai-api-key": secret("openai-api-key"),
  }),
  writable: { "/tmp": tmpfs(128) },
  health: python(8000, "/healthcheck", { startPeriod: 30 }),
  listens: [8000],
  declares: { role: "memory-service" },
});
