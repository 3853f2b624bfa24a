import { createHash } from "node:crypto";

/** Which program judges a file before it is swapped in. `unit:<n>` also limits the exposure score, in tenths. */
export type Check =
  "none" | "apt" | "chrony" | "dockerd" | "fail2ban" | "nft" | "nginx" | "sh" | "sshd" | "sudoers" | `unit:${number}`;

/**
 * What has to happen when a file changes. The number orders the actions of one apply: the kernel first, the way in last.
 * `try-restart` restarts only what runs.
 */
export type Action =
  | "1:sysctl"
  | "2:rules"
  | "3:audit"
  | "5:docker"
  | `4:${"restart" | "reload" | "try-restart"}:${string}`
  | "9:reload:ssh.service";

/** One file of a machine. */
export interface BundleEntry {
  readonly path: string;
  /** Octal, without a leading zero: `644`. */
  readonly mode: string;
  /** `user:group`. */
  readonly owner: string;
  readonly content: string;
  readonly check: Check;
  /** A mistake in it can lock the operator out: undone by a timer unless a fresh connection confirms it. */
  readonly guarded: boolean;
  /** The content is shown in no difference. */
  readonly secret: boolean;
  readonly actions: readonly Action[];
}

/** A user as the machine has it; keys are files. */
export interface BundleUser {
  readonly name: string;
  readonly uid: number;
  readonly shell: string;
  /** Groups beyond the user's own, sorted. */
  readonly groups: readonly string[];
}

/** A package of which one release is wanted, and no other. */
export interface PinnedRelease {
  readonly package: string;
  /** The version, or the beginning of it up to a dot: `20261012` is that, and `20261012.0`. */
  readonly release: string;
}

/** Everything of a machine that is not a container, as data: sorted, and the same for the same specification. */
export interface Bundle {
  readonly host: string;
  readonly packages: readonly string[];
  /** Of these packages; one that is there in another release is exchanged, and goes back with the rest. @default none */
  readonly releases?: readonly PinnedRelease[];
  readonly users: readonly BundleUser[];
  readonly entries: readonly BundleEntry[];
  /** Units that run from now on and start with the machine. */
  readonly enabled: readonly string[];
  /** Seconds in which a guarded change must be confirmed. */
  readonly confirmSeconds: number;
  /** What an estate has beside files on the disk, in the words of `program/estate.sh`. @default nothing */
  readonly lines?: readonly string[];
}

/** What an entry is unless said otherwise: root's, readable by all, judged by nobody. */
export function entry(
  path: string,
  content: string,
  rest: Partial<Omit<BundleEntry, "path" | "content">> = {},
): BundleEntry {
  const defaults = {
    mode: "644",
    owner: "root:root",
    check: "none",
    guarded: false,
    secret: false,
    actions: [],
  } as const;
  return { path, content, ...defaults, ...rest };
}

/**
 * The bundle as lines of words, for the program on the machine. A word holds no space (`hostProblems` sees to that), a
 * content is base64, and the last line tells a whole bundle from one that was cut off.
 */
export function renderManifest(bundle: Bundle): string {
  return `${manifestBody(bundle)}\nend ${bundleId(bundle)}\n`;
}

/** The same for the same bundle, and for no other. */
export function bundleId(bundle: Bundle): string {
  return sha256(manifestBody(bundle));
}

function manifestBody(bundle: Bundle): string {
  return [
    `host ${bundle.host} ${String(bundle.confirmSeconds)}`,
    ...bundle.packages.map((name) => `package ${name}`),
    ...(bundle.releases ?? []).map(({ package: name, release }) => `release ${name} ${release}`),
    ...bundle.users.map(({ name, uid, shell, groups }) => `user ${name} ${String(uid)} ${shell} ${list(groups)}`),
    ...bundle.entries.map(entryLine),
    ...bundle.enabled.map((unit) => `enable ${unit}`),
    ...(bundle.lines ?? []),
  ].join("\n");
}

function entryLine({ path, mode, owner, content, check, guarded, secret, actions }: BundleEntry): string {
  const flags = `${guarded ? "guarded" : "free"} ${secret ? "secret" : "open"}`;
  const base64 = Buffer.from(content).toString("base64");
  return `entry ${path} ${sha256(content)} ${mode} ${owner} ${check} ${flags} ${list(actions)} ${base64 === "" ? "-" : base64}`;
}

/** An empty list is a word too. */
function list(words: readonly string[]): string {
  return words.length === 0 ? "-" : words.join(",");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
