import type { Endpoint, Secret } from "#components/wiring/blueprint.ts";
import type { EstateSource, ProviderSource } from "../model-source.ts";

/** What makes numbers of text: a model that speaks as OpenAI's embeddings do. */
export type Embeddings = ProviderEmbeddings | EstateEmbeddings;

/** A model of a provider on the internet, asked through the proxy. */
export interface ProviderEmbeddings extends ProviderSource, NamedModel {
  readonly out: Endpoint<"forward-proxy">;
}

/** A model of another machine of the estate, asked directly. */
export interface EstateEmbeddings extends EstateSource, NamedModel {}

interface NamedModel {
  /** As the provider names it. Another one, later, finds nothing in what is there: its numbers are others. */
  readonly model: string;
}

export interface RagApiOptions {
  /** With the extension `vector`. */
  readonly database: Endpoint<"postgres">;
  /** What its client signs with: `secretOf(chat, "session")`. */
  readonly tokens: Secret;
  readonly embeddings: Embeddings;
}
