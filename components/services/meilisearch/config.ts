import type { Rendering } from "#components/wiring/blueprint.ts";

export const MEILISEARCH_CONFIG = "/etc/meilisearch/config.toml";

/**
 * In production it starts with a master key only, and shows no page. Nothing is counted for its vendor; what is written
 * at once stays below the container's memory.
 */
export function meilisearchConfig(self: Rendering): string {
  const key = self.clients()[0]?.login({ as: "json" }) ?? '""';
  return `env = "production"
http_addr = "0.0.0.0:7700"
master_key = ${key}
no_analytics = true
log_level = "WARN"

db_path = "/meili_data/data.ms"
dump_dir = "/meili_data/dumps"
snapshot_dir = "/meili_data/snapshots"

http_payload_size_limit = "20 MB"
max_indexing_memory = "192 MiB"
max_indexing_threads = 1
`;
}
