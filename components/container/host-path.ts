import { posix } from "node:path";

/** Why a path of the host must not reach a container. */
export interface Danger {
  /** `socket`: whoever writes to it controls the host. `directory`: host files. */
  readonly kind: "socket" | "directory";
  readonly what: string;
}

// `*` stands for one path segment. Mounting a parent of any of these is as good as mounting it.
const SOCKETS = patterns({
  "/run/docker.sock": "the Docker socket",
  "/run/docker": "Docker's runtime directory",
  "/run/user/*/docker.sock": "a rootless Docker socket",
  "/run/containerd": "the containerd socket",
  "/run/k3s": "the k3s containerd socket",
  "/run/crio": "the CRI-O socket",
  "/run/podman": "the Podman socket",
  "/run/user/*/podman": "a rootless Podman socket",
  "/run/buildkit": "the BuildKit socket",
  "/run/incus": "the Incus socket",
  "/var/lib/incus": "the Incus socket and its machines",
  "/var/lib/lxd": "the LXD socket and its machines",
  "/var/snap/lxd": "the LXD socket and its machines",
  "/run/systemd": "the systemd sockets",
  "/run/user/*/systemd": "a user's systemd sockets",
  "/run/dbus": "the D-Bus system socket",
  "/run/user/*/bus": "a user's D-Bus socket",
});

const DIRECTORIES = patterns({
  "/bin": "the host's programs",
  "/boot": "the host's boot files",
  "/dev": "the host's devices",
  "/etc": "the host's configuration",
  "/home/*/.config": "a user's settings",
  "/home/*/.docker": "a user's registry passwords",
  "/home/*/.ssh": "a user's SSH keys",
  "/lib": "the host's libraries",
  "/lib32": "the host's libraries",
  "/lib64": "the host's libraries",
  "/proc": "the host's processes",
  "/root": "root's files",
  "/sbin": "the host's programs",
  "/sys": "the host's kernel settings",
  "/usr": "the host's programs",
  "/var/lib/containerd": "the files of all containers",
  "/var/lib/containers": "the files of all containers",
  "/var/lib/docker": "the files of all containers",
  "/var/lib/kubelet": "the files and secrets of all pods",
  "/var/lib/systemd": "the host's credentials and timers",
  "/var/spool/cron": "the host's cron jobs",
});

const SOCKET_NAME = /^(docker|podman|containerd|crio|buildkitd|incus|lxd)\.sock$|^(docker_engine|system_bus_socket)$/;

/** Files of /etc that everybody may read and many programs need. */
const HARMLESS_READ_ONLY = new Set(["/etc/localtime", "/etc/timezone", "/etc/ssl/certs"]);

/**
 * Says what is dangerous about giving a container a path of the host, or undefined when nothing is known to be.
 * Links on the host's disk cannot be seen from here; the daemon follows them.
 */
export function dangerOf(path: string, options: { readOnly: boolean }): Danger | undefined {
  if (!path.startsWith("/")) return { kind: "directory", what: "a relative path, which may lead anywhere" };
  const readings = [lexical(path), asTheKernelWalks(path)];
  if (options.readOnly && readings.every((reading) => HARMLESS_READ_ONLY.has(reading))) return undefined;
  return (
    firstOf(readings, (reading) => socketAt(reading)) ??
    firstOf(readings, (reading) => match(reading, DIRECTORIES, "directory"))
  );
}

/** Whether a mount's source is a path and not the name of a volume. */
export function isPath(source: string): boolean {
  return /^[/.~\\]/.test(source) || source.includes("/");
}

/** A path as the text says it, without `.`, `..`, doubled or trailing slashes, and without the alias /var/run. */
export function lexical(path: string): string {
  return withoutAliases(posix.normalize(path));
}

/** The kernel follows /var/run before it applies the `..` behind it, which the textual rule does not. */
function asTheKernelWalks(path: string): string {
  return path.split("/").reduce((walked, segment) => withoutAliases(posix.join(walked, segment)), "/");
}

function withoutAliases(path: string): string {
  const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
  const single = trimmed.replace(/^\/+/, "/");
  return single.replace(/^\/var\/run(?=\/|$)/, "/run");
}

function socketAt(path: string): Danger | undefined {
  if (SOCKET_NAME.test(posix.basename(path))) return { kind: "socket", what: "a socket that controls the host" };
  return match(path, SOCKETS, "socket");
}

function match(path: string, table: readonly Pattern[], kind: Danger["kind"]): Danger | undefined {
  const given = segments(path);
  for (const { pattern, wanted, what } of table) {
    const common = Math.min(given.length, wanted.length);
    const same = wanted.slice(0, common).every((segment, index) => segment === "*" || segment === given[index]);
    if (same) return { kind, what: given.length < wanted.length ? `a parent of ${pattern}, ${what}` : what };
  }
  return undefined;
}

interface Pattern {
  readonly pattern: string;
  readonly wanted: readonly string[];
  readonly what: string;
}

function patterns(table: Readonly<Record<string, string>>): readonly Pattern[] {
  return Object.entries(table).map(([pattern, what]) => ({ pattern, wanted: segments(pattern), what }));
}

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function firstOf<T>(values: readonly string[], find: (value: string) => T | undefined): T | undefined {
  return values.map(find).find((value) => value !== undefined);
}
