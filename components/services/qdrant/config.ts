import { stringify } from "yaml";
import type { Rendering } from "#components/wiring/blueprint.ts";

export const QDRANT_CONFIG = "/etc/qdrant/garrison.yaml";

/**
 * What differs from its defaults, which are merged below it. The key of now and the one before open it, so that a
 * rotation interrupts nobody.
 */
export function qdrantConfig(self: Rendering): string {
  const [client] = self.clients();
  const text = {
    log_level: "WARN",
    telemetry_disabled: true,
    service: {
      host: "0.0.0.0",
      http_port: 6333,
      grpc_port: null,
      enable_cors: false,
      enable_static_content: false,
      // Else whoever holds the key has it fetch from any address.
      enable_snapshot_url_recovery: false,
      max_workers: 2,
      api_key: client?.login(),
      alt_api_key: client?.login({ slot: "previous" }),
    },
    storage: {
      storage_path: "/qdrant/storage",
      snapshots_path: "/qdrant/snapshots",
      performance: { max_search_threads: 2, optimizer_cpu_budget: 1 },
    },
    cluster: { enabled: false },
  };
  return stringify(text, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}
