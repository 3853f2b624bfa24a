import type { Endpoint } from "#components/wiring/blueprint.ts";

/** Where models are that speak as OpenAI's do. */
export type ModelSource = ProviderSource | EstateSource;

/** At a provider on the internet, asked through the proxy. */
export interface ProviderSource extends Keyed {
  /** `https://api.mistral.ai/v1`: HTTPS on its usual port, which is what the proxy lets through. */
  readonly url: `https://${string}`;
}

/** On another machine of the estate, asked directly: `remote(models, "openai", 8000)`. */
export interface EstateSource extends Keyed {
  readonly from: Endpoint<"openai">;
}

interface Keyed {
  /** Name of the secret that others issue: `mistral-api-key` is the setting `garrison:mistralApiKey`. */
  readonly key: string;
}

export function isProvider<S extends ModelSource>(source: S): source is Extract<S, ProviderSource> {
  return "url" in source;
}
