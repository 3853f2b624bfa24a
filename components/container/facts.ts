import type { Health } from "./health.ts";
import type { Waiver } from "./waiver.ts";

/** What a container needs in order to work. Hardening is the default and is not stated; a departure is a waiver. */
export interface ContainerFacts {
  /** Memory limit in MiB; swap is off. */
  readonly memory: number;
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
  /** Container path to a file or directory of the host, mounted read-only. Sensitive sources need a waiver. */
  readonly mounts?: Readonly<Record<string, string>>;
  readonly health: Health;
  /** TCP ports it listens on. */
  readonly listens: readonly number[];
  /** Other names by which its peers know it. */
  readonly aliases?: readonly string[];
  /** Where the image insists on one. @default name */
  readonly hostname?: string;
  /** `false` where the image brings its own PID 1. @default true */
  readonly init?: boolean;
  /** Runs code that a model chose. @default false */
  readonly agent?: boolean;
  /** Seconds between SIGTERM and SIGKILL. @default 10 */
  readonly stopSeconds?: number;
  /** Resource limits beyond the defaults: name to [soft, hard]. */
  readonly ulimits?: Readonly<Record<string, readonly [soft: number, hard: number]>>;
  /** Longest time to become healthy, in seconds. @default 120 */
  readonly startSeconds?: number;
  readonly waivers?: readonly Waiver[];
}

/** A path the container may write to. */
export type Writable = VolumeMount | TmpfsMount;

/** Kept data: a Docker volume that belongs to the container's user. */
export interface VolumeMount {
  readonly type: "volume";
  /** Name of the volume, unique on its machine. */
  readonly volume: string;
}

/** Memory-backed and gone with the container; always noexec, nosuid, nodev, sized, owned by the container's user. */
export interface TmpfsMount {
  readonly type: "tmpfs";
  /** In MiB; counts against the memory limit. */
  readonly size: number;
  /** Octal permissions. @default "0700" */
  readonly mode?: string;
}

export function volume(name: string): VolumeMount {
  return { type: "volume", volume: name };
}

export function tmpfs(size: number, mode?: string): TmpfsMount {
  return mode === undefined ? { type: "tmpfs", size } : { type: "tmpfs", size, mode };
}

/** Numeric user and group. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}
