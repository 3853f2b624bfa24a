import { stringify } from "yaml";
import { ProblemsError } from "#components/lib/problems.ts";
import { secret } from "#components/secrets/reference.ts";
import { nowhere } from "#components/wiring/absence-problems.ts";
import type { Rendering } from "#components/wiring/blueprint.ts";
import { envFile } from "../env-file.ts";
import { originOf } from "../site.ts";
import { isProvider } from "../model-source.ts";
import { wireOf } from "./model-endpoint.ts";
import type { ModelEndpoint } from "./model-endpoint.ts";
import type { ChatSettings } from "./settings.ts";

export const LIBRECHAT_CONFIG = "/etc/librechat/librechat.yaml";
/** Read by Node before the program starts: names and values, a line each. */
export const LIBRECHAT_SECRETS = "/etc/librechat/secrets.env";

export interface Chat {
  readonly site: ChatSettings;
  readonly models: readonly ModelEndpoint[];
}

/** Models, and where they answer. */
interface Answering extends Pick<ModelEndpoint, "name" | "key" | "models"> {
  readonly url: string;
  /** Who is asked around the proxy, over TLS too. */
  readonly around: readonly string[];
}

/** A day in hours, in which it counts how long a chat is kept. */
const DAY = 24;

/**
 * What the site is, without a secret: keys are named by their variables. Nothing in it runs code, asks a tool of a
 * user's choosing, or shares what is said. Files are searched where a RAG API is there.
 *
 * @throws {ProblemsError} when nothing would answer
 */
export function librechatConfig(self: Rendering, { site, models }: Chat): string {
  const { registration, keepDays } = self.setting(site);
  const search = self.has("rag");
  return stringify({
    version: "1.3.17",
    cache: true,
    secureImageLinks: true,
    registration: { socialLogins: [], ...(registration.length > 0 && { allowedDomains: registration }) },
    interface: {
      mcpServers: { use: false, create: false, share: false, public: false },
      marketplace: { use: false },
      peoplePicker: { users: false, groups: false, roles: false },
      prompts: { use: true, create: true, share: false, public: false },
      agents: { use: true, create: true, share: false, public: false },
      runCode: false,
      webSearch: false,
      fileSearch: search,
      fileCitations: search,
      memories: false,
      temporaryChat: true,
      retentionMode: "all",
      generalChatRetention: keepDays * DAY,
      temporaryChatRetention: DAY,
    },
    memory: { disabled: true },
    // Nobody adds an address: what an agent may ask is nothing.
    actions: { allowedDomains: ["https://none.invalid"] },
    mcpSettings: { allowedDomains: ["https://none.invalid"] },
    fileConfig: { serverFileSizeLimit: 20, avatarSizeLimit: 2 },
    rateLimits: {
      fileUploads: { ipMax: 100, ipWindowInMinutes: 60, userMax: 50, userWindowInMinutes: 60 },
      conversationsImport: { ipMax: 20, ipWindowInMinutes: 60, userMax: 10, userWindowInMinutes: 60 },
    },
    endpoints: {
      agents: {
        disableBuilder: false,
        capabilities: ["artifacts", "context", "chain", ...(search ? ["file_search"] : [])],
      },
      custom: answering(self, models).map((one) => ({
        name: one.name,
        apiKey: `\${${variableOf(one.key)}}`,
        baseURL: one.url,
        models: { default: [...one.models], fetch: false },
        titleConvo: true,
        titleModel: "current_model",
      })),
    },
  });
}

/** Models with where they answer: those of a machine that the settings do not know are left out. */
function answering(self: Rendering, models: readonly ModelEndpoint[]): Answering[] {
  const found = models.flatMap((one, index): Answering[] => {
    if (isProvider(one)) return [{ ...one, around: [] }];
    const wire = wireOf(index);
    if (!self.has(wire)) return [];
    const { url, authority } = self.use(wire);
    return [{ ...one, url: `${url}/v1`, around: [authority] }];
  });
  if (found.length > 0) return found;
  const machines = models.flatMap((one) => (isProvider(one) ? [] : [one.from.name]));
  throw new ProblemsError(
    `Models of ${self.name}`,
    machines.map((machine) => nowhere(machine, self.name)),
  );
}

/** Everything that its program takes from its environment and that is secret, or known only when addresses are. */
export function librechatSecrets(self: Rendering, { site, models }: Chat): string {
  const { name } = self;
  const settings = self.setting(site);
  const origin = originOf(site, settings);
  const database = self.use("database");
  const index = self.use("index");
  const around = answering(self, models).flatMap((one) => one.around);
  return envFile({
    APP_TITLE: new URL(origin).hostname,
    DOMAIN_CLIENT: origin,
    DOMAIN_SERVER: origin,
    NO_INDEX: "true",
    // The one proxy in front of it says who asks.
    TRUST_PROXY: "1",
    ENDPOINTS: "custom,agents",
    ALLOW_EMAIL_LOGIN: "true",
    ALLOW_REGISTRATION: String(settings.registration.length > 0),
    ALLOW_SOCIAL_LOGIN: "false",
    ALLOW_SOCIAL_REGISTRATION: "false",
    ALLOW_PASSWORD_RESET: "false",
    // Nobody here sends the mail that would verify it.
    ALLOW_UNVERIFIED_EMAIL_LOGIN: "true",
    ALLOW_SHARED_LINKS: "false",
    ALLOW_SHARED_LINKS_PUBLIC: "false",
    ALLOW_ACCOUNT_DELETION: "true",
    MIN_PASSWORD_LENGTH: "12",
    BAN_VIOLATIONS: "true",
    LIMIT_CONCURRENT_MESSAGES: "true",
    LIMIT_MESSAGE_IP: "true",
    LIMIT_MESSAGE_USER: "true",
    MONGO_URI: `mongodb://${name}:${database.login()}@${database.authority}/${name}?authSource=admin`,
    SEARCH: "true",
    MEILI_HOST: `http://${index.authority}`,
    MEILI_NO_ANALYTICS: "true",
    MEILI_MASTER_KEY: index.login(),
    CREDS_KEY: self.own("credentials-key"),
    CREDS_IV: self.own("credentials-iv"),
    JWT_SECRET: self.own("session"),
    JWT_REFRESH_SECRET: self.own("refresh"),
    ...(self.has("rag") && { RAG_API_URL: self.use("rag").url }),
    ...(around.length > 0 && { NO_PROXY: around.join(",") }),
    ...Object.fromEntries(models.map(({ key }) => [variableOf(key), secret(key)])),
  });
}

/** `mistral-api-key` is read from `MISTRAL_API_KEY`. */
function variableOf(key: string): string {
  return key.toUpperCase().replaceAll("-", "_");
}
