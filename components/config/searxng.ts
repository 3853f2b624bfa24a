import { stringify } from "yaml";
import type { FileContext } from "../files/service-files.ts";
import { secret } from "../secrets/reference.ts";
import { hostsOf } from "./allow-list.ts";
import { EGRESS_PROXY } from "./egress.ts";

/** Where the lab's own authority lies, beside the settings. */
export const INTERNET_CA = "/etc/searxng/internet-ca.pem";

interface Engine {
  readonly name: string;
  readonly disabled?: boolean;
  readonly display_type?: readonly string[];
}

/** The engines by the host that each asks. An engine whose host is not allowed would only wait for its time to run out. */
const ENGINES: Readonly<Record<string, Engine>> = {
  "en.wikipedia.org": { name: "wikipedia", display_type: ["infobox", "list"] },
  "html.duckduckgo.com": { name: "duckduckgo", disabled: false },
  "www.mojeek.com": { name: "mojeek", disabled: false },
};

/** SearXNG's settings.yml: only what differs from its defaults. */
export function searxngSettings({ allowed, settings }: FileContext): string {
  const engines = hostsOf("searxng", allowed).flatMap((host) => ENGINES[host] ?? []);
  const text = {
    use_default_settings: { engines: { keep_only: engines.map(({ name }) => name) } },
    general: { instance_name: "search", enable_metrics: false },
    // The gateway asks for JSON. One language, so that one host of Wikipedia is asked.
    search: { formats: ["html", "json"], safe_search: 1, default_lang: "en" },
    server: {
      secret_key: secret("searxng-key"),
      // Its one client is the gateway.
      limiter: false,
      image_proxy: true,
      public_instance: false,
      method: "GET",
    },
    valkey: { url: `valkey://searxng:${secret("valkey-search")}@valkey:6379/0` },
    outgoing: {
      request_timeout: 5,
      proxies: { "all://": [EGRESS_PROXY] },
      verify: settings.internetCa === undefined ? true : INTERNET_CA,
    },
    // Names all there are: one of the defaults downloads its rules at start.
    plugins: { "searx.plugins.calculator.SXNGPlugin": { active: true } },
    engines,
  };
  // In quotes, whatever the secrets are made of: one of digits alone stays text.
  return stringify(text, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}
