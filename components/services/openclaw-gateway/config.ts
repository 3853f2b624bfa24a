import { openclawSandbox } from "#components/sandbox/openclaw-sandbox.ts";
import type { Sandbox } from "#components/sandbox/sandbox-profile.ts";
import { secret } from "#components/secrets/reference.ts";
import type { Rendering } from "#components/wiring/blueprint.ts";
import type { OpenclawChannel } from "./channel.ts";
import { models, pages } from "./settings.ts";

/** Where the configuration and the secrets lie; nothing else does. */
export const OPENCLAW_CONFIG = "/etc/openclaw/openclaw.json";
export const OPENCLAW_SECRETS = "/etc/openclaw/secrets.json";

/** What opens the gateway, in the file of secrets. */
const TOKEN = "gateway-token";

/** The provider that reads {@link OPENCLAW_SECRETS}. */
const PROVIDER = "delivered";

/** Each secret under the name that the configuration refers to it by. */
export function openclawSecrets(self: Rendering, { channels }: Pick<OpenclawAgent, "channels">): string {
  const values = {
    [TOKEN]: self.own("token", { as: "json" }),
    "anthropic-api-key": secret("anthropic-api-key", { as: "json" }),
    ...Object.fromEntries(channels.map(({ token }) => [token.name, secret(token.name, { as: "json" })])),
  };
  const lines = Object.entries(values).map(([name, value]) => `  ${JSON.stringify(name)}: ${value}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

export interface OpenclawAgent {
  readonly agent: string;
  readonly sandbox: Sandbox;
  readonly channels: readonly OpenclawChannel[];
}

/**
 * OpenClaw's configuration, for 2026.7: an unknown key and it does not start.
 *
 * The way out is in its environment. A provider's own `request.proxy` does nothing for Anthropic's, and the setting
 * `proxy` would send what the gateway asks its neighbours for to the proxy too.
 *
 * There is no Docker API in it: the image has no Docker client. Tools that need a sandbox fail, and none runs outside of
 * one.
 */
export function openclawConfig(self: Rendering, { agent, sandbox, channels }: OpenclawAgent): string {
  const { gateway: primary, fallbacks } = self.setting(models);
  const clients = self.clients();
  const config = {
    gateway: {
      mode: "local",
      port: 18789,
      // On loopback Nginx, in a container of its own, could not reach it. Who can is decided by the networks.
      bind: "lan",
      auth: {
        mode: "token",
        token: reference(TOKEN),
        rateLimit: { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000 },
      },
      trustedProxies: clients.flatMap(({ addresses }) => addresses),
      controlUi: { enabled: true, allowedOrigins: origins(self) },
    },
    secrets: { providers: { [PROVIDER]: { source: "file", path: OPENCLAW_SECRETS, mode: "json" } } },
    agents: {
      defaults: {
        model: { primary, fallbacks },
        sandbox: openclawSandbox(sandbox.profile, self.userOf(sandbox)),
      },
      list: [{ id: "main", default: true, name: agent }],
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
    channels: Object.fromEntries(
      channels.map((channel) => [channel.plugin, channel.config(self, reference(channel.token.name))]),
    ),
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
    plugins: { allow: ["anthropic", ...channels.map(({ plugin }) => plugin)] },
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

/** A lab's pages are opened by address, on any network of what shows them. */
function origins(self: Rendering): string[] {
  const { origins: named } = self.setting(pages);
  if (!self.settings.lab) return named;
  const addresses = self.clients().flatMap(({ everyAddress }) => everyAddress);
  return [...named, ...addresses.map((address) => `http://${address}:8080`)];
}
