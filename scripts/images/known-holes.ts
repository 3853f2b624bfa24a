/** A hole that a release of an image's program has closed. */
export interface Hole {
  /** Number under which it is published. */
  readonly id: string;
  /** What somebody can do with it, in a few words. */
  readonly what: string;
  /** The first release of each line without it, newest last. Any other line has it up to the newest. */
  readonly fixed: readonly string[];
  /** The first release that has it. @default every release before */
  readonly since?: string;
  /** Why nobody can use it here, where that is so: it is told, and does not count. */
  readonly notHere?: string;
  /** Where it was read. */
  readonly source: string;
}

/** What is known of the releases of one image. */
export interface ImageReleases {
  /** Tags that the pinned one could be exchanged for, itself among them: of its line, made the same way. */
  readonly line: RegExp;
  readonly holes: readonly Hole[];
  /** What else decides whether this pin is right. */
  readonly note?: string;
}

const NGINX = "nginx.org/en/security_advisories.html";
const VALKEY = "github.com/valkey-io/valkey, 00-RELEASENOTES of 9.0";

/** A tag without a version is rebuilt in place: how old it is shows in its digest only. */
const BASE = "a base of our own images, which upgrade its packages when they are built";

const wazuh: ImageReleases = { line: /^4\.14\.\d+$/, holes: [] };

/**
 * The published images of the lock, with the holes that decide how old a pin may be. Read in November 2026: a hole that is
 * not here is not known here, which does not say that there is none.
 */
export const KNOWN_HOLES: Readonly<Record<string, ImageReleases>> = {
  cloudflared: {
    line: /^2026\.\d+\.\d+$/,
    holes: [
      {
        id: "GO-2026-4394",
        what: "holes in the libraries that it is built from, go-oidc and go-sentry among them",
        fixed: ["2026.3.0"],
        source: "github.com/cloudflare/cloudflared, RELEASE_NOTES of 2026.3.0",
      },
    ],
  },
  debian: { line: /^trixie-slim$/, holes: [], note: BASE },
  "docker-socket-proxy": {
    line: /^v\d+\.\d+\.\d+$/,
    holes: [],
    note: "the configuration is ours; its HAProxy comes with the image and is not looked at here",
  },
  falkordb: { line: /^v4\.16\.\d+$/, holes: [], note: "brings a Redis of its own, which is not looked at here" },
  "llm-guard": {
    line: /^\d+\.\d+\.\d+$/,
    holes: [],
    note: "its repository is archived since 2026-07-09: no fix will come",
  },
  nginx: {
    line: /^1\.31\.\d+-alpine$/,
    holes: [
      {
        id: "CVE-2026-123007",
        what: "one of ten that were disclosed on 2026-11-18 together (NGINX2Root)",
        fixed: ["1.30.7", "1.31.9"],
        source: "osv.dev MGASA-2026-0605; release notes of an image that was rebuilt for it",
      },
      {
        id: "CVE-2026-93479",
        what: "memory of a worker overwritten where a string with variables is evaluated",
        fixed: ["1.30.6"],
        source: "OpenBSD ports, www/nginx, 2026-10-15",
      },
      {
        id: "CVE-2026-42533",
        what: "memory of a worker overwritten where a map has a regular expression",
        fixed: ["1.30.4", "1.31.3"],
        source: NGINX,
      },
      {
        id: "CVE-2026-42945",
        what: "memory of a worker overwritten by a rewrite with captures; attacks were seen in May 2026",
        fixed: ["1.30.1", "1.31.0"],
        source: NGINX,
      },
    ],
  },
  node: { line: /^24-trixie-slim$/, holes: [], note: BASE },
  openclaw: {
    line: /^2026\.7\.\d+(-\d+)?$/,
    holes: [
      {
        id: "CVE-2026-100578",
        what: "a caller who may only chat has the agent change the gateway's configuration",
        fixed: ["2026.7.1"],
        source: "osv.dev",
      },
      {
        id: "CVE-2026-100537",
        what: "a sender who may not use the memory tools hears what is in the memory",
        fixed: ["2026.8.1"],
        notHere: "no plugin for memory is let in, and no sender has rules of its own",
        source: "osv.dev",
      },
    ],
    note: "its maintainers publish images of this line (docs/reference/releasing/extended-stable.md); should the registry not have this one, the same configuration holds for 2026.7.1: npm run images -- lock openclaw --tag 2026.7.1",
  },
  searxng: { line: /^2026\.\d+\.\d+-[0-9a-f]{7,}$/, holes: [], note: "has no lines: every commit is a release" },
  "uptime-kuma": {
    line: /^2\.\d+\.\d+-rootless$/,
    holes: [
      {
        id: "GHSA-gf2q-c269-pqgc",
        what: "who may write a notification's template runs programs (CVE-2026-45618, LiquidJS)",
        fixed: ["2.4.0"],
        source: "github.com/louislam/uptime-kuma, release 2.4.0",
      },
    ],
  },
  valkey: {
    line: /^9\.0\.\d+-alpine$/,
    holes: [
      {
        id: "CVE-2026-63639",
        what: "a stream restored from a corrupt dump runs programs",
        fixed: ["8.1.9", "9.0.5", "9.1.1"],
        source: VALKEY,
      },
      {
        id: "CVE-2026-25243",
        what: "RESTORE reads and writes outside of its memory",
        fixed: ["9.0.4", "9.1.0"],
        source: VALKEY,
      },
      {
        id: "CVE-2026-27623",
        what: "whoever reaches the port stops the server, without a login",
        since: "9.0.0",
        fixed: ["9.0.3"],
        source: VALKEY,
      },
    ],
  },
  "wazuh-dashboard": { ...wazuh, note: "the three images of Wazuh have one version" },
  "wazuh-indexer": { ...wazuh, note: "the three images of Wazuh have one version" },
  "wazuh-manager": {
    ...wazuh,
    holes: [
      {
        id: "CVE-2026-74034",
        what: "an enrolled agent reads the manager's files as root, client.keys among them",
        since: "4.1.0",
        fixed: ["4.14.8"],
        source: "CVEProject/cvelistV5, the CVE's record",
      },
      {
        id: "CVE-2026-28221",
        what: "whoever reaches port 1514 overwrites the stack of a daemon, without a login",
        since: "4.8.0",
        fixed: ["4.14.4"],
        source: "sentinelone.com, vulnerability database",
      },
    ],
  },
};
