import { tmpfs, volume } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { QDRANT_CONFIG, qdrantConfig } from "./config.ts";
import { evidence } from "./evidence.ts";

/** The image has neither curl nor wget; readiness asks for no key. */
const HEALTH = [
  "exec 3<>/dev/tcp/127.0.0.1/6333",
  "printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3",
  "read -r -t 3 -u 3 _ status _",
  "[[ $status == 200 ]]",
].join(" && ");

/**
 * Vector database. Its clients share one key, and each of them reads and writes everything.
 *
 * @example
 * ```ts
 * const vectors = qdrant("vectors");
 * const finder = define("finder", {
 *   uses: { vectors: { to: vectors, why: "documents are found by meaning" } },
 *   facts: () => facts,
 *   files: (self) => ({ "/etc/finder/key": self.use("vectors").login() }),
 * });
 * ```
 */
export function qdrant(name: string): Endpoint<"qdrant"> {
  return define(name, {
    uses: {},
    serves: { speaks: "qdrant", port: 6333, login: { why: "opens the vectors", shared: true } },
    facts: (self) => ({
      purpose: "Qdrant: vector database",
      image: "qdrant",
      evidence,
      memory: 1536,
      memoryFloor: 64,
      cpus: 1,
      pids: 128,
      command: ["./qdrant", "--config-path", QDRANT_CONFIG],
      environment: { QDRANT_INIT_FILE_PATH: "/qdrant/storage/.qdrant-initialized" },
      writable: {
        "/tmp": tmpfs(32),
        "/qdrant/storage": volume(`${self.name}-data`),
        "/qdrant/snapshots": volume(`${self.name}-snapshots`),
      },
      health: exec(["bash", "-c", HEALTH], { startPeriod: 30 }),
      listens: [6333],
      ulimits: { nofile: [65_535, 65_535] },
      database: true,
      stopSeconds: 30,
    }),
    files: (self) => ({ [QDRANT_CONFIG]: qdrantConfig(self) }),
  });
}
