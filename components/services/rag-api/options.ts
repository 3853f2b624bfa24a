import type { Endpoint, Secret } from "#components/wiring/blueprint.ts";

/** What makes numbers of text: a model that speaks as OpenAI's embeddings do. */
export type Embeddings = ProviderEmbeddings | EstateEmbeddings;

/** A model of a provider on the internet, asked through the proxy. */
export interface ProviderEmbeddings extends NamedModel {
  readonly out: Endpoint<"forward-proxy">;
  /** `https://api.mistral.ai/v1`: HTTPS on its usual port, which is what the proxy lets through. */
  readonly url: `https://${string}`;
}

/** A model of another machine of the estate, asked directly: `remote(models, "openai", 8000)`. */
export interface EstateEmbeddings extends NamedModel {
  readonly from: Endpoint<"openai">;
}

interface NamedModel {
  /** As the provider names it. Another one, later, finds nothing in what is there: its numbers are others. */
  readonly model: string;
  /** Name of the secret that others issue: `mistral-api-key` is the setting `garrison:mistralApiKey`. */
  readonly key: string;
}

export interface RagApiOptions {
  /** With the extension `vector`. */
  readonly database: Endpoint<"postgres">;
  /** What its client signs with: `secretOf(chat, "session")`. */
  readonly tokens: Secret;
  readonly embeddings: Embeddings;
}

export function isProvider(embeddings: Embeddings): embeddings is ProviderEmbeddings {
  return "url" in embeddings;
}
