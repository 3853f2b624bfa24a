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
  /**
   * How Docker finds out whether it works. `"image"`: the image's own check, if it has one; `"none"`: none, not even
   * that. Both need a waiver `container.health-check`, but for a `job`.
   */
  readonly health: Health | "image" | "none";
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
  /**
   * Does its work and ends: the deployment waits for its end, whatever its exit code, and nothing keeps it running.
   * @default false
   */
  readonly job?: boolean;
  /** `"always"` needs a waiver, and so does `"unless-stopped"` without a health check. @default "unless-stopped", for a job "on-failure" */
  readonly restart?: "no" | "on-failure" | "unless-stopped" | "always";
  /** How often `"on-failure"` starts it again; more than 5 needs a waiver. @default 3 */
  readonly maxRetryCount?: number;
  /** Directory in which it starts. @default the image's */
  readonly workingDir?: string;
  /** Signal that asks it to end, such as `SIGQUIT`. @default the image's, or SIGTERM */
  readonly stopSignal?: string;
  /** A terminal. @default false */
  readonly tty?: boolean;
  /** Standard input stays open. @default false */
  readonly stdinOpen?: boolean;
  /** Groups beside the user's own, by number or by the image's names; one with power over the host needs a waiver. */
  readonly groupAdds?: readonly string[];
  /** Kernel parameters; other than those of its own sockets and IPC need a waiver. */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Size of /dev/shm in MiB; what is in it counts against `memory`. @default 64 */
  readonly shmSize?: number;
  /** Memory in MiB that it is pressed down to when the machine runs short. @default none */
  readonly memoryReservation?: number;
  /** Processors that it may use, such as `"0-3"`. @default all */
  readonly cpuSet?: string;
  /** Weight against other containers when all are busy. @default 1024 */
  readonly cpuShares?: number;
  /** Options of the storage driver, such as `size`. */
  readonly storageOpts?: Readonly<Record<string, string>>;
  /** Limits on a disk's bytes or operations a second. */
  readonly deviceReadBps?: readonly Throttle[];
  readonly deviceReadIops?: readonly Throttle[];
  readonly deviceWriteBps?: readonly Throttle[];
  readonly deviceWriteIops?: readonly Throttle[];
  /** Devices of the host, under a waiver `container.devices`. */
  readonly devices?: readonly Device[];
  /** `"all"`, or what `docker run --gpus` takes, under a waiver `container.devices`. */
  readonly gpus?: string;
  /** Devices by driver, under a waiver `container.devices`. */
  readonly deviceRequests?: readonly DeviceRequest[];
  /** Lines of the device cgroup such as `"c 189:* rmw"`, under a waiver `container.devices`. */
  readonly deviceCgroupRules?: readonly string[];
  /** The runtime by its name in the daemon, such as `runsc` or `nvidia`. An agent's is gVisor. @default the daemon's */
  readonly runtime?: string;
  /** `os/architecture` of the image. @default the machine's */
  readonly platform?: string;
  /**
   * Log driver: `json-file`, `local`, `journald`, `syslog` to the machine's own, or `none` under a waiver. One by which the
   * daemon sends the log elsewhere is refused. @default "json-file", 3 files of 10 MB
   */
  readonly logDriver?: string;
  /** Options of the log driver; `json-file` without `max-size`, or with one above 100 GiB, needs a waiver. */
  readonly logOpts?: Readonly<Record<string, string>>;
  /** Other profiles than Docker's own; weaker ones need a waiver `container.security-profiles`. */
  readonly profiles?: Profiles;
  readonly waivers?: readonly Waiver[];
}

/** A path the container may write to. */
export type Writable = VolumeMount | TmpfsMount | BindMount;

/** Kept data: a Docker volume that belongs to the container's user. */
export interface VolumeMount {
  readonly type: "volume";
  /** Name of the volume, unique on its machine. */
  readonly volume: string;
}

/** Memory-backed and gone with the container; nosuid, nodev, sized, owned by the container's user. */
export interface TmpfsMount {
  readonly type: "tmpfs";
  /** In MiB; counts against the memory limit. */
  readonly size: number;
  /** Octal permissions. @default "0700" */
  readonly mode?: string;
  /** Programs in it may run, under a waiver `container.tmpfs`. @default false */
  readonly exec?: boolean;
}

/** A file or directory of the host that the container writes to, under a waiver `container.host-path`. */
export interface BindMount {
  readonly type: "bind";
  /** Absolute path on the host; it has to exist and belong to the container's user. */
  readonly source: string;
}

export function volume(name: string): VolumeMount {
  return { type: "volume", volume: name };
}

/** `tmpfs(64)`, `tmpfs(64, "1777")`, or `tmpfs(64, { exec: true })`. */
export function tmpfs(size: number, options: string | Omit<TmpfsMount, "type" | "size"> = {}): TmpfsMount {
  return { type: "tmpfs", size, ...(typeof options === "string" ? { mode: options } : options) };
}

export function bind(source: string): BindMount {
  return { type: "bind", source };
}

/** A device of the host. */
export interface Device {
  readonly hostPath: string;
  /** @default hostPath */
  readonly containerPath?: string;
  /** Of `r`, `w` and `m` (make nodes). @default "rwm" */
  readonly permissions?: string;
}

/** Devices that a driver of the daemon hands out. */
export interface DeviceRequest {
  /** `nvidia` or `cdi`, for instance. */
  readonly driver?: string;
  /** -1: all. */
  readonly count?: number;
  readonly deviceIds?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
}

/** A limit on one disk. */
export interface Throttle {
  /** The disk, such as `/dev/sda`. */
  readonly path: string;
  /** Bytes or operations a second. */
  readonly rate: number;
}

/** Profiles of the kernel's security modules. */
export interface Profiles {
  /** The profile's JSON, or `"unconfined"`. */
  readonly seccomp?: string;
  /** A profile's name that the host has loaded, or `"unconfined"`. */
  readonly apparmor?: string;
  /** SELinux labels such as `"type:container_t"`. */
  readonly label?: readonly string[];
}

/** Numeric user and group. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}
