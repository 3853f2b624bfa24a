import { stringify } from "yaml";
import type { Rendering } from "#components/wiring/blueprint.ts";

/**
 * LLM Guard's scanners. The image's own are unusable: they ban the word "test", a competitor and every language but
 * English. These look for what an attack on an agent brings.
 */
export function scanners(self: Rendering): string {
  const text = {
    app: {
      name: "LLM Guard API",
      // At DEBUG it writes the prompts down.
      log_level: "INFO",
      log_json: true,
      // The caller wants every score, not the first that is too high.
      scan_fail_fast: false,
      scan_prompt_timeout: 10,
      scan_output_timeout: 20,
      // Models are loaded at start: a missing one turns the service red, not the first prompt of the day.
      lazy_load: false,
    },
    rate_limit: { enabled: true, limit: "120/minute" },
    auth: { type: "http_bearer", token: self.own("token") },
    metrics: { exporter: "prometheus" },
    input_scanners: [
      { type: "InvisibleText", params: {} },
      { type: "PromptInjection", params: { threshold: 0.92, match_type: "truncate_head_tail" } },
      { type: "Secrets", params: { redact_mode: "all" } },
      { type: "TokenLimit", params: { limit: 8192, encoding_name: "cl100k_base" } },
    ],
    output_scanners: [
      // Not Sensitive: 0.3.16 loads a Chinese model for it that the image does not have, and cannot start offline.
      { type: "MaliciousURLs", params: { threshold: 0.75 } },
    ],
  };
  return stringify(text, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}
