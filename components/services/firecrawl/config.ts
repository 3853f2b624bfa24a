import type { Rendering } from "#components/wiring/blueprint.ts";
import { envFile } from "../env-file.ts";

export const FIRECRAWL_ENVIRONMENT = "/etc/firecrawl/firecrawl.env";

/** How both begin, with Node's limit below the container's: the image's own is 8 GiB. */
export const FIRECRAWL_NODE = ["node", `--env-file=${FIRECRAWL_ENVIRONMENT}`, "--max-old-space-size=1536"] as const;

/** What API and worker are told alike. Nobody is a customer; who may ask is decided by who is handed the API. */
export function firecrawlEnvironment(self: Rendering, own: Readonly<Record<string, string>>): string {
  const queue = self.use("queue");
  const redis = `redis://${self.name}:${queue.login()}@${queue.authority}`;
  return envFile({
    NODE_ENV: "production",
    ENV: "local",
    USE_DB_AUTHENTICATION: "false",
    REDIS_URL: redis,
    REDIS_RATE_LIMIT_URL: redis,
    PLAYWRIGHT_MICROSERVICE_URL: `http://${self.use("browser").authority}/scrape`,
    // Opens the page that shows the queues.
    BULL_AUTH_KEY: self.own("queues"),
    LOGGING_LEVEL: "info",
    // They take no more work while the whole machine is busy; what they may use is limited by their containers.
    MAX_CPU: "2",
    MAX_RAM: "2",
    ...own,
  });
}
