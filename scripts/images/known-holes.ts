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
  authelia: { line: /^4\.39\.\d+$/, holes: [] },
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
  flowise: {
    line: /^3\.1\.\d+$/,
    holes: [],
    note: "strangers ran programs in it by several published holes since 2025, whose fixed releases were not looked up one by one",
  },
  librechat: { line: /^v0\.8\.\d+$/, holes: [] },
  "llm-guard": {
    line: /^\d+\.\d+\.\d+$/,
    holes: [],
    note: "its repository is archived since 2026-07-09: no fix will come",
  },
  meilisearch: { line: /^v1\.35\.\d+$/, holes: [], note: "another line finds data that it refuses" },
  mongodb: {
    line: /^8\.0\.\d+-noble$/,
    holes: [
      {
        id: "CVE-2025-14847",
        what: "whoever reaches the port reads the server's memory, without a login (MongoBleed)",
        fixed: ["7.0.28", "8.0.17", "8.2.3"],
        source: "openwallet-foundation/acapy-vc-authn-oidc#942; bigstack-oss/cubecos#573",
      },
    ],
  },
  n8n: {
    line: /^2\.\d+\.\d+$/,
    holes: [
      {
        id: "GHSA-p3rg-hrf9-w9gj",
        what: "published in July 2026; its text was not read",
        fixed: ["1.123.64", "2.29.8", "2.30.1"],
        source: "github/advisory-database#8760",
      },
      {
        id: "CVE-2026-59257",
        what: "who may log in reads and writes its database",
        fixed: ["1.123.61", "2.27.4", "2.28.1"],
        source: "The-Low-Code-Foundation/opennoodl-better-backend#5, which quotes the advisory",
      },
    ],
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
  postgres: {
    line: /^0\.8\.\d+-pg17-trixie$/,
    holes: [
      {
        id: "CVE-2026-3172",
        what: "an index built by several workers reads what is of others, or ends the server",
        fixed: ["0.8.2"],
        source: "github.com/pgvector/pgvector, CHANGELOG of 0.8.2 and issue 959",
      },
    ],
    note: "the tag names pgvector: its PostgreSQL is that of the day when it was built, which only the digest shows; 17.10 closed eleven holes in May 2026. From 18 on, data is elsewhere",
  },
  qdrant: { line: /^v1\.19\.\d+-unprivileged$/, holes: [] },
  "rag-api": { line: /^v\d+\.\d+\.\d+$/, holes: [], note: "the image named lite: it makes no numbers of text itself" },
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
