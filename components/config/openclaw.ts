import type { FileContext } from "../files/service-files.ts";
import { pathsOf } from "../network/paths.ts";
import { openclawSandbox } from "../sandbox/openclaw-sandbox.ts";
import { dakotaSandbox } from "../sandbox/profiles.ts";
import { secret } from "../secrets/reference.ts";

/** Where the configuration and the secrets lie; nothing else does. */
export const OPENCLAW_CONFIG = "/etc/openclaw/openclaw.json";
export const OPENCLAW_SECRETS = "/etc/openclaw/secrets.json";

/** The provider that reads {@link OPENCLAW_SECRETS}. */
const PROVIDER = "delivered";

/** Each secret under the name that the configuration refers to it by. */
export function openclawSecrets(): string {
  const lines = ["gateway-token", "anthropic-api-key", "telegram-bot-token"].map(
    (name) => `  ${JSON.stringify(name)}: ${secret(name, { as: "json" })}`,
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}

/**
 * OpenClaw's configuration, for 2026.7: an unknown key and it does not start.
 *
 * The way out is in its environment. A provider's own `request.proxy` does nothing for Anthropic's, and the setting
 * `proxy` would send what the gateway asks its neighbours for to the proxy too.
 *
 * There is no Docker API in it: the image has no Docker client, and the filter in front of the API is read-only. Tools that
 * need a sandbox fail, and none runs outside of one.
 */
export function openclawConfig(machine: FileContext): string {
  const { settings } = machine;
  const config = {
    gateway: {
      mode: "local",
      port: 18789,
      // On loopback Nginx, in a container of its own, could not reach it. Who can is decided by the networks.
      bind: "lan",
      auth: {
        mode: "token",
        token: reference("gateway-token"),
        rateLimit: { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000 },
      },
      trustedProxies: addressesOf("nginx", machine),
      controlUi: { enabled: true, allowedOrigins: origins(machine) },
    },
    secrets: { providers: { [PROVIDER]: { source: "file", path: OPENCLAW_SECRETS, mode: "json" } } },
    agents: {
      defaults: {
        model: { primary: settings.models.gateway, fallbacks: settings.models.fallbacks },
        sandbox: openclawSandbox(dakotaSandbox),
      },
      list: [{ id: "main", default: true, name: "Dakota" }],
    },
    models: {
      mode: "merge",
      // Price lists come from hosts that the proxy does not let through.
      pricing: { enabled: false },
      providers: {
        anthropic: {
          baseUrl: "https://api.anthropic.com",
          apiKey: reference("anthropic-api-key"),
          models: [],
        },
      },
    },
    channels: {
      telegram: {
        enabled: true,
        botToken: reference("telegram-bot-token"),
        // By number: a name can be given up, and taken by somebody else.
        dmPolicy: "allowlist",
        allowFrom: operators(machine),
        groupPolicy: "disabled",
        configWrites: false,
      },
    },
    tools: {
      elevated: { enabled: false },
      exec: { host: "sandbox", security: "allowlist", ask: "on-miss" },
      fs: { workspaceOnly: true },
      deny: ["gateway", "cron", "nodes", "browser", "canvas"],
      // The gateway itself fetches nothing for a model; searching comes with a plugin that this version does not bring.
      web: { fetch: { enabled: false }, search: { enabled: false } },
      sandbox: {
        tools: {
          allow: ["exec", "process", "read", "write", "edit", "apply_patch"],
          deny: ["browser", "canvas", "nodes", "cron", "gateway"],
        },
      },
    },
    browser: { enabled: false },
    // Of about seventy that it brings, these.
    plugins: { allow: ["anthropic", "telegram"] },
    commands: { bash: false, config: false, mcp: false, plugins: false, debug: false, restart: false },
    session: { dmScope: "per-channel-peer", maintenance: { mode: "enforce", pruneAfter: "30d", maxEntries: 500 } },
    discovery: { mdns: { mode: "off" } },
    update: { checkOnStart: false },
    logging: { level: "info", consoleStyle: "json", redactSensitive: "tools" },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function reference(name: string): Readonly<Record<"source" | "provider" | "id", string>> {
  return { source: "file", provider: PROVIDER, id: `/${name}` };
}

/** Where a peer begins its connections to the gateway from. */
function addressesOf(peer: string, { flows, networks }: FileContext): string[] {
  const toGateway = flows.filter(({ from, to }) => from === peer && to === "openclaw-gateway");
  return toGateway.flatMap((flow) => pathsOf(flow, networks)).flatMap(({ source }) => source ?? []);
}

/** A lab's pages are opened by address, on any network that Nginx is on. */
function origins({ settings, networks }: FileContext): string[] {
  if (!settings.lab) return settings.pages.origins;
  const addresses = networks.flatMap(({ addresses: own }) => own.nginx ?? []);
  return [...settings.pages.origins, ...addresses.map((address) => `http://${address}:8080`)];
}

/** A lab has no operator, and an empty list is refused: a number that Telegram gives to nobody stands in. */
function operators({ settings }: FileContext): string[] {
  const { operators: given } = settings.telegram;
  return given.length === 0 && settings.lab ? ["1"] : given.map(String);
}
