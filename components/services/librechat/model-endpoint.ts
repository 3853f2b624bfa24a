/** Models that speak as OpenAI's do, behind one address. */
export interface ModelEndpoint {
  /** As people see it. */
  readonly name: string;
  /** `https://api.mistral.ai/v1`: HTTPS on its usual port, which is what the proxy lets through. */
  readonly url: `https://${string}`;
  /** Name of the secret that others issue: `mistral-api-key` is the setting `garrison:mistralApiKey`. */
  readonly key: string;
  /** As the provider names them; the first is the one that people begin with. */
  readonly models: readonly [string, ...string[]];
}
