import type { Health } from "../container/health.ts";
import type { Waiver } from "../container/waiver.ts";

/**
 * What one container of the estate needs, stated once, as facts. Hardening is the default and is not
 * repeated here; a departure from it is a named waiver.
 */
export interface ServiceSpec {
  /** Name of the container, of its host name and of its alias on every network it is on. */
  readonly name: string;
  /** What it is for, in one line. */
  readonly purpose: string;
  /**
   * Unique on its machine, 1 to 60. User id and group id (20000 + number) and the host part of every static
   * address come from it, so adding a service renumbers nobody.
   */
  readonly number: number;
  /** Key in the image lock. */
  readonly image: string;
  /** Only where the image forces a user: numeric ids. Needs a waiver `container.user`. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Memory limit in MiB; swap is off. */
  readonly memory: number;
  /** What it cannot start with less of, in MiB: the floor when a lab scales the estate to its host. */
  readonly memoryFloor: number;
  /** CPUs, in fractions of one. */
  readonly cpus: number;
  /** Processes and threads. */
  readonly pids: number;
  /** @default the image's entrypoint */
  readonly entrypoint?: readonly string[];
  /** @default the image's command */
  readonly command?: readonly string[];
  /** Plain settings; secrets are files. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Writable paths. Everything else is read-only unless waived. */
  readonly writable: Readonly<Record<string, Writable>>;
  /** Host paths mounted read-only. Needs a waiver where the path is sensitive. */
  readonly mounts?: Readonly<Record<string, HostMount>>;
  readonly health: Health;
  /** TCP ports it listens on (UDP: `514/udp`). */
  readonly listens: readonly (number | `${number}/udp`)[];
  /** Ports published on the machine's own address (setting `publish.address`). */
  readonly publishes?: readonly number[];
  /** Other names by which its peers know it. */
  readonly aliases?: readonly string[];
  /** Where the image insists on one. @default name */
  readonly hostname?: string;
  /** `false` where the image brings its own PID 1. @default true */
  readonly init?: boolean;
  /** `service` runs until stopped, `job` ends. @default "service" */
  readonly kind?: "service" | "job";
  /** Runs code that a model chose. @default false */
  readonly agent?: boolean;
  /** Marks a container that only holds its place and its posture so far, with the reason. */
  readonly idle?: string;
  /** Seconds between SIGTERM and SIGKILL. @default 10 */
  readonly stopSeconds?: number;
  /** Resource limits beyond the defaults: name to [soft, hard]. */
  readonly ulimits?: Readonly<Record<string, readonly [soft: number, hard: number]>>;
  /** Longest time to become healthy, in seconds. @default 120 */
  readonly startSeconds?: number;
  readonly waivers?: readonly Waiver[];
}

/** A path the service may write to. */
export type Writable = VolumeMount | TmpfsMount;

/** Kept data: a Docker volume that belongs to the service's user. */
export interface VolumeMount {
  readonly type: "volume";
  /** Name of the volume, unique on its machine. */
  readonly volume: string;
}

/** Memory-backed and gone with the container; always noexec, nosuid, nodev, sized, owned by the service's user. */
export interface TmpfsMount {
  readonly type: "tmpfs";
  /** In MiB; counts against the memory limit. */
  readonly size: number;
  /** Octal permissions. @default "0700" */
  readonly mode?: string;
}

/** A file or directory of the host, always mounted read-only. */
export interface HostMount {
  readonly source: string;
}

export function volume(name: string): VolumeMount {
  return { type: "volume", volume: name };
}

export function tmpfs(size: number, mode?: string): TmpfsMount {
  return mode === undefined ? { type: "tmpfs", size } : { type: "tmpfs", size, mode };
}

/** Declares a service: `service("valkey", { … })`. */
export function service(name: string, facts: Omit<ServiceSpec, "name">): ServiceSpec {
  return { name, ...facts };
}

/** The first of our own user ids; `FIRST_UID + number` is the user of a service. */
export const UID_BASE = 20_000;

/** The numeric user and group that a service runs as. */
export function userOf(spec: Pick<ServiceSpec, "number" | "user">): { uid: number; gid: number } {
  const own = UID_BASE + spec.number;
  return spec.user ?? { uid: own, gid: own };
}
