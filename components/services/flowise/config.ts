import type { Rendering } from "#components/wiring/blueprint.ts";
import { envFile } from "../env-file.ts";
import { originOf } from "../site.ts";
import type { FlowiseOptions } from "./options.ts";

export const FLOWISE_ENVIRONMENT = "/etc/flowise/flowise.env";

/** Nodes that begin a program of the asker's choosing, or send code to somebody else's machine. */
const DISABLED = [
  "braveSearchMCP",
  "codeInterpreterE2B",
  "customMCP",
  "githubMCP",
  "postgreSQLMCP",
  "sequentialThinkingMCP",
  "slackMCP",
  "supergatewayMCP",
  "teradataMCP",
];

/** Everything that Flowise is told: accounts are asked for, nothing of a stranger's is loaded, its vendor hears nothing. */
export function flowiseEnvironment(self: Rendering, { site }: Pick<FlowiseOptions, "site">): string {
  const origin = originOf(site, self.setting(site));
  const domain = new URL(origin).hostname;
  return envFile({
    NODE_ENV: "production",
    PORT: "3000",
    DATABASE_PATH: "/data",
    SECRETKEY_PATH: "/data",
    LOG_PATH: "/data/logs",
    BLOB_STORAGE_PATH: "/data/storage",
    LOG_LEVEL: "info",
    FLOWISE_SECRETKEY_OVERWRITE: self.own("credentials"),
    JWT_AUTH_TOKEN_SECRET: self.own("session"),
    JWT_REFRESH_TOKEN_SECRET: self.own("refresh"),
    EXPRESS_SESSION_SECRET: self.own("cookie"),
    TOKEN_HASH_SECRET: self.own("token"),
    JWT_ISSUER: domain,
    JWT_AUDIENCE: domain,
    JWT_TOKEN_EXPIRY_IN_MINUTES: "60",
    JWT_REFRESH_TOKEN_EXPIRY_IN_MINUTES: "1440",
    APP_URL: origin,
    SECURE_COOKIES: "true",
    // The one proxy in front of it says who asks.
    NUMBER_OF_PROXIES: "1",
    TRUST_PROXY: "1",
    CORS_ORIGINS: origin,
    MCP_CORS_ORIGINS: origin,
    IFRAME_ORIGINS: origin,
    DISABLE_FLOWISE_TELEMETRY: "true",
    SHOW_COMMUNITY_NODES: "false",
    DISABLED_NODES: DISABLED.join(","),
    ALLOW_BUILTIN_DEP: "false",
    CUSTOM_MCP_SECURITY_CHECK: "true",
    CUSTOM_MCP_PROTOCOL: "sse",
    HTTP_SECURITY_CHECK: "true",
    PATH_TRAVERSAL_SAFETY: "true",
    FLOWISE_FILE_SIZE_LIMIT: "20mb",
  });
}
