import type { Rendering } from "#components/wiring/blueprint.ts";
import { envFile } from "../env-file.ts";
import { originOf } from "../site.ts";
import type { N8nOptions } from "./options.ts";

export const N8N_ENVIRONMENT = "/etc/n8n/n8n.env";

/** Nodes that run a program, or read and write the container's files, whatever the rest of the workflow may do. */
const EXCLUDED = ["executeCommand", "git", "localFileTrigger", "readWriteFile", "ssh"].map(
  (node) => `n8n-nodes-base.${node}`,
);

/**
 * Everything that n8n is told. Nobody installs a package, no code reads a variable or the files of n8n, and nothing is
 * asked of its vendor.
 */
export function n8nEnvironment(self: Rendering, { site }: Pick<N8nOptions, "site">): string {
  const settings = self.setting(site);
  const origin = originOf(site, settings);
  return envFile({
    NODE_ENV: "production",
    N8N_ENCRYPTION_KEY: self.own("credentials"),
    N8N_HOST: new URL(origin).hostname,
    N8N_LISTEN_ADDRESS: "0.0.0.0",
    N8N_PORT: "5678",
    N8N_PROTOCOL: "https",
    N8N_EDITOR_BASE_URL: `${origin}/`,
    WEBHOOK_URL: `${origin}/`,
    // The one proxy in front of it says who asks.
    N8N_PROXY_HOPS: "1",
    N8N_SECURE_COOKIE: "true",
    N8N_SAMESITE_COOKIE: "strict",
    N8N_USER_FOLDER: "/data",
    N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: "true",
    N8N_BLOCK_ENV_ACCESS_IN_NODE: "true",
    N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES: "true",
    N8N_RESTRICT_FILE_ACCESS_TO: "/tmp/files",
    N8N_COMMUNITY_PACKAGES_ENABLED: "false",
    N8N_UNVERIFIED_PACKAGES_ENABLED: "false",
    N8N_PUBLIC_API_DISABLED: "true",
    NODES_EXCLUDE: JSON.stringify(EXCLUDED),
    // Code of a workflow runs in a process of its own, which is ended when it takes too long.
    N8N_RUNNERS_MODE: "internal",
    N8N_RUNNERS_TASK_TIMEOUT: "60",
    N8N_RUNNERS_MAX_CONCURRENCY: "2",
    N8N_RUNNERS_MAX_OLD_SPACE_SIZE: "128",
    EXECUTIONS_TIMEOUT: "600",
    EXECUTIONS_TIMEOUT_MAX: "3600",
    EXECUTIONS_DATA_PRUNE: "true",
    EXECUTIONS_DATA_MAX_AGE: String(settings.keepDays * 24),
    N8N_DIAGNOSTICS_ENABLED: "false",
    N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
    N8N_TEMPLATES_ENABLED: "false",
    N8N_PERSONALIZATION_ENABLED: "false",
    N8N_HIRING_BANNER_ENABLED: "false",
    GENERIC_TIMEZONE: "UTC",
  });
}
