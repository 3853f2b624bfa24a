import type { Endpoint, Use } from "#components/wiring/blueprint.ts";

/** Models that speak as OpenAI's do, behind one address. */
export type ModelEndpoint = ProviderModels | EstateModels;

/** Models of a provider on the internet, asked through the proxy. */
export interface ProviderModels extends NamedModels {
  /** `https://api.mistral.ai/v1`: HTTPS on its usual port, which is what the proxy lets through. */
  readonly url: `https://${string}`;
}

/**
 * Models of another machine of the estate, asked directly: `remote(models, "openai", 8000)`. Where the settings do not say
 * where that machine is, they are left out.
 */
export interface EstateModels extends NamedModels {
  readonly from: Endpoint<"openai">;
}

interface NamedModels {
  /** As people see it. */
  readonly name: string;
  /** Name of the secret that others issue: `mistral-api-key` is the setting `garrison:mistralApiKey`. */
  readonly key: string;
  /** As the provider names them; the first is the one that people begin with. */
  readonly models: readonly [string, ...string[]];
}

export function isProvider(models: ModelEndpoint): models is ProviderModels {
  return "url" in models;
}

/** The relation to each machine of the estate whose models are asked, by the name of its wire. */
export function modelWires(models: readonly ModelEndpoint[]): Readonly<Record<string, Use>> {
  const own = models.flatMap((one, index) =>
    isProvider(one) ? [] : [[wireOf(index), { to: one.from, why: `the models of ${one.name} answer` }] as const],
  );
  return Object.fromEntries(own);
}

/** The wire of the models at this place of the list. */
export function wireOf(index: number): string {
  return `models-${String(index + 1)}`;
}
