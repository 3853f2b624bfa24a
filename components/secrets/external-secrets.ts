/** Secrets that others issue, by name. Each is a top-level setting of its own and is kept encrypted there. */
export const externalSecrets = {
  "anthropic-api-key": { why: "the gateway calls Anthropic's models" },
  "cloudflared-token": { why: "the tunnel connector proves to Cloudflare which tunnel it serves" },
  "openai-api-key": { why: "the memory service has facts extracted and embedded" },
  "telegram-bot-token": { why: "the gateway reads and answers the operator's messages" },
} as const;

export type ExternalSecret = keyof typeof externalSecrets;
