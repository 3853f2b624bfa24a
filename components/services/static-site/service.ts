import { tmpfs } from "#components/container/facts.ts";
import { wget } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { PAGES, staticServer } from "./config.ts";
import { evidence } from "./evidence.ts";

/** What a site shows: a folder of the machine, or pages that are delivered with its configuration. */
export type SiteContent =
  | {
      /** Absolute path on the machine; it has to exist, and whoever publishes writes to it. */
      readonly folder: string;
    }
  | {
      /** Text by file name: `{ "index.html": "<!doctype html>…" }`. */
      readonly pages: Readonly<Record<string, string>>;
    };

/**
 * A site of files that never change by themselves, read-only.
 *
 * @example
 * ```ts
 * const site = staticSite("site", { folder: "/srv/sites/example" });
 * const notice = staticSite("notice", { pages: { "index.html": "<!doctype html><title>Soon</title><p>Soon." } });
 * ```
 */
export function staticSite(name: string, content: SiteContent): Endpoint<"http"> {
  return define(name, {
    uses: {},
    serves: { speaks: "http", port: 8080 },
    facts: () => ({
      purpose: "Nginx: a site of files",
      image: "nginx",
      evidence,
      memory: 48,
      memoryFloor: 16,
      cpus: 0.1,
      pids: 32,
      writable: { "/tmp": tmpfs(16) },
      ...("folder" in content && { mounts: { [PAGES]: content.folder } }),
      health: wget(8080, "/healthz"),
      listens: [8080],
    }),
    files: () => ({
      "/etc/nginx/conf.d/default.conf": staticServer(),
      ...("pages" in content && pagesOf(content.pages)),
    }),
  });
}

function pagesOf(pages: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(pages).map(([file, text]) => [`${PAGES}/${file}`, text]));
}
