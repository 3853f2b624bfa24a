import { posix } from "node:path";

/** Why a path of the host must not reach a container. */
interface Danger {
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
  "/run/lxd-installer.socket": "the LXD socket",
  "/run/nri": "the containerd socket for plugins",
  "/run/host-services": "the sockets of Docker Desktop",
  "/run/libvirt": "the libvirt sockets",
  "/run/snapd.socket": "the snapd socket",
  "/run/nvidia-persistenced": "a driver's socket",
  "/var/lib/incus": "the Incus socket and its machines",
  "/var/lib/lxd": "the LXD socket and its machines",
  "/var/snap/lxd": "the LXD socket and its machines",
  "/nix/var/nix/daemon-socket": "the Nix socket",
  "/run/systemd": "the systemd sockets",
  "/run/user/*/systemd": "a user's systemd sockets",
  "/run/dbus": "the D-Bus system socket",
  "/run/user/*/bus": "a user's D-Bus socket",
  "/tmp/.X11-unix": "the socket of the host's screen and keyboard",
});

const DIRECTORIES = patterns({
  "/bin": "the host's programs",
  "/boot": "the host's boot files",
  "/dev": "the host's devices",
  "/efi": "the host's boot files",
  "/etc": "the host's configuration",
  "/lib": "the host's libraries",
  "/lib32": "the host's libraries",
  "/lib64": "the host's libraries",
  "/opt/cni": "programs that the host runs for its containers",
  "/opt/containerd": "programs that the host runs for its containers",
  "/ostree": "the host's programs",
  "/proc": "the host's processes",
  "/root": "root's files",
  "/run/cloud-init": "what the machine was given at its first boot",
  "/run/credentials": "the host's credentials",
  "/run/log/journal": "the host's logs",
  "/run/netns": "the host's network namespaces",
  "/sbin": "the host's programs",
  "/snap": "the host's programs",
  "/sys": "the host's kernel settings",
  "/sysroot": "the host's programs",
  "/usr": "the host's programs",
  "/var/backups": "copies of the host's configuration",
  "/var/lib/amazon": "the cloud agent's files",
  "/var/lib/cloud": "what the machine was given at its first boot, and scripts that root runs",
  "/var/lib/cni": "the networks of all containers",
  "/var/lib/containerd": "the files of all containers",
  "/var/lib/containers": "the files of all containers",
  "/var/lib/dhcp": "the host's network",
  "/var/lib/docker": "the files of all containers",
  "/var/lib/etcd": "the state and secrets of a cluster",
  "/var/lib/google": "the cloud agent's files",
  "/var/lib/k0s": "the state and secrets of a cluster",
  "/var/lib/kubelet": "the files and secrets of all pods",
  "/var/lib/libvirt": "the host's virtual machines",
  "/var/lib/machines": "the host's containers",
  "/var/lib/minikube": "the state and secrets of a cluster",
  "/var/lib/NetworkManager": "the host's network",
  "/var/lib/private": "the state of the host's services",
  "/var/lib/rancher": "the state and secrets of a cluster",
  "/var/lib/snapd": "the host's programs",
  "/var/lib/sss": "the host's users and passwords",
  "/var/lib/systemd": "the host's credentials and timers",
  "/var/lib/waagent": "the cloud agent's certificates and protected settings",
  "/var/lib/garrison": "the secrets of all services",
  "/var/snap/docker": "the files of all containers",
  "/var/spool/anacron": "the host's cron jobs",
  "/var/spool/at": "the host's jobs",
  "/var/spool/cron": "the host's cron jobs",
  "/private/etc": "the host's configuration",
  ...inEachHome({
    ".aws": "a user's cloud credentials",
    ".azure": "a user's cloud credentials",
    ".bash_profile": "what a user's shell runs",
    ".bashrc": "what a user's shell runs",
    ".config": "a user's settings",
    ".docker": "a user's registry passwords",
    ".git-credentials": "a user's passwords",
    ".gnupg": "a user's keys",
    ".kube": "a user's cluster credentials",
    ".local/bin": "a user's programs",
    ".local/share/containers": "the files of a user's containers",
    ".local/share/docker": "the files of a user's containers",
    ".local/share/keyrings": "a user's passwords",
    ".netrc": "a user's passwords",
    ".npmrc": "a user's tokens",
    ".password-store": "a user's passwords",
    ".profile": "what a user's shell runs",
    ".pulumi": "a user's cloud credentials",
    ".pypirc": "a user's tokens",
    ".ssh": "a user's SSH keys",
    ".zshenv": "what a user's shell runs",
    ".zshrc": "what a user's shell runs",
  }),
});

/** Dangerous only where the container may write: programs that ship logs and list packages read them. */
const WRITABLE = patterns({
  "/run/udev": "the host's devices",
  "/var/cache/apt": "packages that the host installs",
  "/var/lib/apt": "packages that the host installs",
  "/var/lib/dpkg": "the host's programs",
  "/var/lib/pacman": "the host's programs",
  "/var/lib/rpm": "the host's programs",
  "/var/log/audit": "the host's logs",
  "/var/log/auth.log": "the host's logs",
  "/var/log/journal": "the host's logs",
  "/var/log/messages": "the host's logs",
  "/var/log/secure": "the host's logs",
  "/var/log/syslog": "the host's logs",
  "/var/log/wtmp": "the host's logs",
});

/** Directories that others put theirs into: what is below is somebody's own. */
const SHARED: ReadonlyMap<string, string> = new Map([
  ["/media", "the parent of every mounted disk"],
  ["/mnt", "the parent of every mounted disk"],
  ["/run/garrison", "the secrets of all services"],
  ["/run/media", "the parent of every mounted disk"],
  ["/Volumes", "the parent of every mounted disk"],
  ["/tmp", "what every program of the host keeps for a while"],
  ["/var/tmp", "what every program of the host keeps for a while"],
  ["/home", "the files of all users"],
  ["/Users", "the files of all users"],
]);

const SOCKET_NAME =
  /^(docker|docker-\w+|podman|containerd|crio|cri-dockerd|dockershim|buildkitd|incus|lxd|libvirt)[.-]sock(et)?$|^(docker_engine|system_bus_socket|snapd\.socket)$/;

/** Files that everybody may read and many programs need. */
const HARMLESS_READ_ONLY =
  /^\/etc\/(?:hostname|localtime|machine-id|nsswitch\.conf|os-release|protocols|services|timezone)$|^\/etc\/ssl\/certs(?:\/.*)?$|^\/usr\/share\/[^/]+(?:\/.*)?$|^\/usr\/lib\/os-release$/;

/**
 * Says what is dangerous about giving a container a path of the host, or undefined when nothing is known to be.
 * Links on the host's disk cannot be seen from here; the daemon follows them.
 */
export function dangerOf(path: string, options: { readOnly: boolean }): Danger | undefined {
  if (!path.startsWith("/")) return { kind: "directory", what: "a relative path, which may lead anywhere" };
  const readings = [lexical(path), asTheKernelWalks(path)];
  if (options.readOnly && readings.every((reading) => HARMLESS_READ_ONLY.test(reading))) return undefined;
  return (
    firstOf(readings, (reading) => socketAt(reading)) ??
    firstOf(readings, (reading) => match(reading, DIRECTORIES, "directory")) ??
    firstOf(readings, (reading) => sharedAt(reading)) ??
    (options.readOnly ? undefined : firstOf(readings, (reading) => match(reading, WRITABLE, "directory")))
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
  return single.replace(/^(?:\/private)?\/var\/run(?=\/|$)/, "/run").replace(/^\/var\/lock(?=\/|$)/, "/run/lock");
}

function socketAt(path: string): Danger | undefined {
  if (SOCKET_NAME.test(posix.basename(path))) return { kind: "socket", what: "a socket that controls the host" };
  return match(path, SOCKETS, "socket");
}

function sharedAt(path: string): Danger | undefined {
  const what = SHARED.get(path);
  return what === undefined ? undefined : { kind: "directory", what };
}

function match(path: string, table: Table, kind: Danger["kind"]): Danger | undefined {
  const given = segments(path);
  const [first] = given;
  // The root is the parent of everything.
  for (const { pattern, wanted, what } of first === undefined ? [...table.values()].flat() : (table.get(first) ?? [])) {
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

/** By their first segment: every path is compared, and there are many patterns. */
type Table = ReadonlyMap<string, readonly Pattern[]>;

function patterns(table: Readonly<Record<string, string>>): Table {
  const all = Object.entries(table).map(([pattern, what]) => ({ pattern, wanted: segments(pattern), what }));
  return Map.groupBy(all, ({ wanted }) => wanted[0] ?? "");
}

function inEachHome(table: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, what]) => [
      [`/home/*/${name}`, what],
      [`/Users/*/${name}`, what],
    ]),
  );
}

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function firstOf<T>(values: readonly string[], find: (value: string) => T | undefined): T | undefined {
  return values.map(find).find((value) => value !== undefined);
}
