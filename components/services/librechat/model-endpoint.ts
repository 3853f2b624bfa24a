import type { Use } from "#components/wiring/blueprint.ts";
import { isProvider } from "../model-source.ts";
import type { EstateSource, ProviderSource } from "../model-source.ts";

/** Models that speak as OpenAI's do, behind one address. */
export type ModelEndpoint = ProviderModels | EstateModels;

/** Models of a provider on the internet, asked through the proxy. */
export interface ProviderModels extends ProviderSource, NamedModels {}

/** Models of another machine of the estate. Where the settings do not say where that machine is, they are left out. */
export interface EstateModels extends EstateSource, NamedModels {}

interface NamedModels {
  /** As people see it. */
  readonly name: string;
  /** As the provider names them; the first is the one that people begin with. */
  readonly models: readonly [string, ...string[]];
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
