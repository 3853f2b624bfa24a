import { librechat } from "../components/services/librechat/service.ts";
import type { ChatSettings } from "../components/services/librechat/settings.ts";
import { chatSettings } from "../components/services/librechat/settings.ts";
import { meilisearch } from "../components/services/meilisearch/service.ts";
import { mongodb } from "../components/services/mongodb/service.ts";
import { ragApi } from "../components/services/rag-api/service.ts";
import type { Endpoint, Service } from "../components/wiring/blueprint.ts";
import { secretOf } from "../components/wiring/handed-secret.ts";
import { later } from "../components/wiring/later.ts";

interface Shared {
  readonly out: Endpoint<"forward-proxy">;
  /** Keeps what is known of files: a database for each site. */
  readonly vectors: Endpoint<"postgres">;
  /** The estate's own models. */
  readonly models: Endpoint<"openai">;
}

interface Chat {
  /** What people open, and where. */
  readonly site: { readonly to: Endpoint<"http">; readonly at: ChatSettings };
  readonly services: readonly Service[];
}

/**
 * A site where people chat, with what is its own: people and chats, their index, what is known of their files, and the keys
 * of models. `govgpt` is told what it is by `garrison:govgpt`.
 */
export function chatSite(name: string, { out, vectors, models }: Shared): Chat {
  const provider = { url: "https://api.mistral.ai/v1", key: `${name}-mistral-api-key` } as const;
  const chat = later<Endpoint<"http">>(`${name}-api`);
  const database = mongodb(`${name}-mongodb`);
  const index = meilisearch(`${name}-meilisearch`);
  const rag = ragApi(`${name}-rag`, {
    database: vectors,
    tokens: secretOf(chat, "session"),
    embeddings: { ...provider, out, model: "mistral-embed" },
  });
  const at = chatSettings(name);
  const api = librechat(`${name}-api`, {
    database,
    index,
    rag,
    out,
    site: at,
    models: [
      { ...provider, name: "Mistral", models: ["mistral-medium-latest", "mistral-small-latest"] },
      { name: "Own models", from: models, key: `${name}-own-models-key`, models: ["Qwen/QwQ-32B"] },
    ],
  });
  chat.is(api);
  return { site: { to: api, at }, services: [api, database, index, rag] };
}
