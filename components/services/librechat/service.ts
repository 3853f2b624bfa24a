import { tmpfs, volume } from "#components/container/facts.ts";
import { wget } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { throughProxy } from "../egress-proxy/client.ts";
import { LIBRECHAT_CONFIG, LIBRECHAT_SECRETS, librechatConfig, librechatSecrets } from "./config.ts";
import { evidence } from "./evidence.ts";
import { isProvider } from "../model-source.ts";
import { modelWires } from "./model-endpoint.ts";
import type { ModelEndpoint } from "./model-endpoint.ts";
import type { ChatSettings } from "./settings.ts";

export interface LibrechatOptions {
  readonly database: Endpoint<"mongodb">;
  readonly index: Endpoint<"meilisearch">;
  readonly out: Endpoint<"forward-proxy">;
  /** Finds what is said in files. @default files are not searched */
  readonly rag?: Endpoint<"rag-api">;
  /** Where it is opened, who may register, how long chats are kept. */
  readonly site: ChatSettings;
  /** What answers: at least one. */
  readonly models: readonly [ModelEndpoint, ...ModelEndpoint[]];
}

/**
 * LibreChat, a site where people talk to models. All that it has is its own: database, index, keys, volumes.
 *
 * @example
 * ```ts
 * const chat = librechat("chat", {
 *   database: mongodb("chat-database"),
 *   index: meilisearch("chat-index"),
 *   out,
 *   site: chatSettings("helpdesk"),
 *   models: [
 *     { name: "Mistral", url: "https://api.mistral.ai/v1", key: "mistral-api-key", models: ["mistral-medium-latest"] },
 *   ],
 * });
 * ```
 */
export function librechat(name: string, options: LibrechatOptions): Endpoint<"http"> {
  const { database, index, out, rag, site, models } = options;
  return define(name, {
    uses: {
      database: { to: database, why: "people, chats and files are documents" },
      index: { to: index, why: "chats are searched" },
      out: {
        to: out,
        why: "models are on the internet",
        hosts: models
          .filter(isProvider)
          .map((one) => ({ hosts: [new URL(one.url).hostname], why: `the models of ${one.name}` })),
      },
      rag: rag && { to: rag, why: "what is said in files is found by it" },
      ...modelWires(models),
    },
    serves: { speaks: "http", port: 3080 },
    settings: [site],
    secrets: {
      "credentials-key": { why: "encrypts what people store", source: { type: "bytes", length: 32 } },
      "credentials-iv": { why: "begins that encryption", source: { type: "bytes", length: 16 } },
      session: { why: "signs sessions", source: { type: "bytes", length: 32 } },
      refresh: { why: "signs what renews sessions", source: { type: "bytes", length: 32 } },
    },
    external: Object.fromEntries(models.map((one) => [one.key, `a chat calls the models of ${one.name}`])),
    facts: (self) => ({
      purpose: "LibreChat: people talk to models",
      image: "librechat",
      evidence,
      memory: 1024,
      memoryFloor: 128,
      cpus: 1,
      pids: 128,
      command: ["node", `--env-file=${LIBRECHAT_SECRETS}`, "--max-old-space-size=768", "api/server/index.js"],
      workingDir: "/app",
      environment: {
        NODE_ENV: "production",
        HOST: "0.0.0.0",
        PORT: "3080",
        CONFIG_PATH: LIBRECHAT_CONFIG,
        LIBRECHAT_LOG_DIR: "/app/logs",
        DEBUG_LOGGING: "false",
        CONSOLE_JSON: "true",
        ...throughProxy(self.use("out")),
      },
      writable: {
        "/tmp": tmpfs(64),
        "/app/logs": tmpfs(32),
        "/app/api/logs": tmpfs(16),
        "/app/uploads": volume(`${self.name}-uploads`),
        "/app/client/public/images": volume(`${self.name}-images`),
      },
      health: wget(3080, "/health", { interval: 10, startPeriod: 90 }),
      listens: [3080],
      startSeconds: 240,
    }),
    files: (self) => ({
      [LIBRECHAT_CONFIG]: librechatConfig(self, options),
      [LIBRECHAT_SECRETS]: librechatSecrets(self, options),
    }),
  });
}
