import { python } from "../container/health.ts";
import { service, tmpfs } from "./service.ts";

/** The agent's memory as a service. Its API has no authentication: only the gateway shares a network with it. */
export const graphiti = service("graphiti", {
  purpose: "Graphiti: the agent's memory, REST",
  number: 6,
  image: "graphiti",
  memory: 1024,
  memoryFloor: 64,
  cpus: 1,
  pids: 256,
  command: ["uvicorn", "graph_service.main:app", "--host", "0.0.0.0", "--port", "8000"],
  environment: {
    DB_BACKEND: "falkordb",
    FALKORDB_DATABASE: "default_db",
    FALKORDB_HOST: "falkordb",
    FALKORDB_PORT: "6379",
    GRAPHITI_TELEMETRY_ENABLED: "false",
    HOME: "/tmp",
    SEMAPHORE_LIMIT: "10",
    UV_CACHE_DIR: "/tmp/uv",
  },
  writable: { "/tmp": tmpfs(128) },
  health: python(8000, "/healthcheck", { startPeriod: 30 }),
  listens: [8000],
});
