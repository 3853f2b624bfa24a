import { stringify } from "yaml";
import type { Rendering } from "#components/wiring/blueprint.ts";
import { proxyUrl } from "../egress-proxy/client.ts";

/** Where the lab's own authority lies, beside the settings. */
export const INTERNET_CA = "/etc/searxng/internet-ca.pem";

interface Engine {
  readonly name: string;
  readonly disabled?: boolean;
  readonly display_type?: readonly string[];
}

/** The engines by the host that each asks. An engine whose host is not allowed would only wait for its time to run out. */
const ENGINES = {
  "en.wikipedia.org": { name: "wikipedia", display_type: ["infobox", "list"] },
  "html.duckduckgo.com": { name: "duckduckgo", disabled: false },
  "www.mojeek.com": { name: "mojeek", disabled: false },
} as const satisfies Readonly<Record<string, Engine>>;

/** Host of an engine that is known to answer over the proxy. */
export type SearchEngine = keyof typeof ENGINES;

/** SearXNG's settings.yml: only what differs from its defaults. */
export function searxngSettings(self: Rendering, hosts: readonly SearchEngine[]): string {
  const engines: readonly Engine[] = [...new Set(hosts)].sort().map((host) => ENGINES[host]);
  const cache = self.use("cache");
  const text = {
    use_default_settings: { engines: { keep_only: engines.map(({ name }) => name) } },
    general: { instance_name: "search", enable_metrics: false },
    // Programs ask for JSON. One language, so that one host of Wikipedia is asked.
    search: { formats: ["html", "json"], safe_search: 1, default_lang: "en" },
    server: {
      secret_key: self.own("key"),
      // Who may ask is decided by who is handed it: today nobody.
      limiter: false,
      image_proxy: true,
      public_instance: false,
      method: "GET",
    },
    valkey: { url: `valkey://${self.name}:${cache.login()}@${cache.authority}/0` },
    outgoing: {
      request_timeout: 5,
      proxies: { "all://": [proxyUrl(self.use("out"))] },
      verify: self.settings.internetCa === undefined ? true : INTERNET_CA,
    },
    // Names all there are: one of the defaults downloads its rules at start.
    plugins: { "searx.plugins.calculator.SXNGPlugin": { active: true } },
    engines,
  };
  // In quotes, whatever the secrets are made of: one of digits alone stays text.
  return stringify(text, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}
