import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Bundle } from "#components/host/bundle/bundle.ts";
import { hostScript } from "#components/host/bundle/host-script.ts";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { debianBuilder, debianMirror } from "#lab/images/host-tools.ts";
import { temporaryBeside } from "#helpers/files/atomic.ts";
import { docker } from "./docker.ts";

/** Everything that a bundle configures, so that no test needs a package mirror but the first. */
const PACKAGES = [
  "systemd-sysv,dbus,openssh-server,sudo,nftables,iproute2,iptables,procps,chrony,auditd,unattended-upgrades",
  "fail2ban,python3-systemd,nginx,libnginx-mod-http-geoip2,openssl,docker.io,apparmor,ca-certificates,cloud-init,lynis",
].join(",");

/** Not Docker itself: a unit that can be reloaded and restarted. And what a container has no devices for. */
const DOCKERFILE = `RUN rm -f /etc/machine-id && touch /etc/machine-id /.dockerenv && mkdir -p /var/log/journal && \\
  printf '[Service]\\nExecStart=/bin/sleep infinity\\nExecReload=/bin/true\\n' >/etc/systemd/system/docker.service && \\
  systemctl mask systemd-udevd.service systemd-udev-trigger.service sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount dev-mqueue.mount systemd-modules-load.service apt-daily.timer apt-daily-upgrade.timer docker.socket containerd.service systemd-logind.service getty.target console-getty.service e2scrub_all.timer cloud-init.service cloud-init-local.service cloud-config.service cloud-final.service auditd.service
ENV container=docker
STOPSIGNAL SIGRTMIN+3
CMD ["/sbin/init"]
`;

/** What a command on a machine did. */
export interface Done {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Debian 12 of its own, in a container. */
export interface DebianMachine {
  readonly name: string;
  readonly address: string;
  /** Runs shell as root, by no connection. */
  shell(script: string, input?: string): Promise<Done>;
  /** Runs the bundle's script with a mode. */
  run(bundle: Bundle, mode: "plan" | "apply"): Promise<Done>;
  remove(): Promise<void>;
}

/** How a machine is started. */
interface MachineOptions {
  /** systemd is process 1, with a real sshd; without it, nothing runs but what a test starts. */
  readonly booted: boolean;
  /** Docker is real too, for containers in the machine. @default false: a unit that does nothing has its name */
  readonly docker?: boolean;
}

/** Its kernel's settings of networks, which are its own, can be written; and each kind of limit has its place. */
const WITH_DOCKER = `cd /etc/systemd/system && rm -f docker.service docker.socket containerd.service
mkdir /run/proc && mount -t proc proc /run/proc && mount --bind /run/proc/sys/net /proc/sys/net
for kind in cpu cpuacct cpuset memory devices freezer blkio pids; do
  grep -q "^$kind\t" /proc/cgroups && mkdir -p "/sys/fs/cgroup/$kind" && mount -t cgroup -o "$kind" cgroup "/sys/fs/cgroup/$kind"
done
exec /sbin/init`;

/** Builds the image where it is missing; the packages are unpacked once a machine. */
export async function debianImage(): Promise<string> {
  const hash = createHash("sha256")
    .update(PACKAGES + DOCKERFILE)
    .digest("hex")
    .slice(0, 12);
  const tag = `garrison-test-debian:${hash}`;
  if ((await docker("images", "-q", tag)) !== "") return tag;
  const cache = join(cacheDirectory(), "images");
  const file = join(cache, `debian-machine-${createHash("sha256").update(PACKAGES).digest("hex").slice(0, 12)}.tar`);
  if (!existsSync(file)) {
    await mkdir(cache, { recursive: true });
    const [builder, mirror, temporary] = [await debianBuilder(), await debianMirror(), temporaryBeside(file)];
    const flags = [
      "--variant=minbase",
      "--format=tar",
      '--aptopt=APT::Install-Recommends "false"',
      "--dpkgopt=force-unsafe-io",
    ];
    try {
      await execa(builder, [...flags, `--include=${PACKAGES}`, "bookworm", temporary, `deb ${mirror} bookworm main`], {
        stdin: "ignore",
      });
      await rename(temporary, file);
    } finally {
      await rm(temporary, { force: true });
    }
  }
  await docker("import", file, `${tag}-base`);
  const context = await mkdtemp(join(tmpdir(), "garrison-machine-"));
  try {
    await writeFile(join(context, "Dockerfile"), `FROM ${tag}-base\n${DOCKERFILE}`);
    await docker("build", "-q", "-t", tag, context);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  return tag;
}

/** Starts a machine. */
export async function startMachine(
  name: string,
  { booted, docker: real = false }: MachineOptions,
): Promise<DebianMachine> {
  const image = await debianImage();
  const rights = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"].flatMap((right) => ["--cap-add", right]);
  const memory = [
    "--tmpfs",
    "/run",
    "--tmpfs",
    "/tmp",
    ...(booted ? ["--mount", "type=tmpfs,dst=/sys/fs/cgroup"] : []),
  ];
  // Docker's own file system cannot lie on another one of its kind.
  const store = ["docker", "containerd"].flatMap((name) => ["--mount", `type=volume,dst=/var/lib/${name}`]);
  const inside = real ? ["--cgroupns", "private", ...store] : [];
  const command = real ? ["sh", "-c", WITH_DOCKER] : booted ? [] : ["sleep", "infinity"];
  await docker(
    "run",
    "-d",
    "--name",
    name,
    ...(booted ? [] : ["--init"]),
    ...rights,
    "--security-opt",
    "seccomp=unconfined",
    ...memory,
    ...inside,
    image,
    ...command,
  );
  const shell = async (script: string, input = ""): Promise<Done> => {
    const { exitCode, stdout, stderr } = await execa("docker", ["exec", "-i", name, "sh", "-c", script], {
      input,
      reject: false,
    });
    return { exitCode: exitCode ?? -1, stdout, stderr };
  };
  if (booted) await until(async () => (await shell("systemctl is-active ssh nginx")).exitCode === 0);
  const address = await docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", name);
  return {
    name,
    address,
    shell,
    run: (bundle, mode) => shell(`sh -s ${mode}`, hostScript(bundle)),
    remove: async () => {
      await docker("rm", "-fv", name);
    },
  };
}

/** Waits until it holds. @throws after `seconds` */
export async function until(holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not so after ${String(seconds)} s`);
    await sleep(200);
  }
}

/** A pair of keys in a directory: the path of the private one, and the public line. */
export async function keyPair(
  directory: string,
  name: string,
  type: "ed25519" | "ecdsa" = "ed25519",
): Promise<{ file: string; publicKey: string }> {
  const file = join(directory, name);
  await execa("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", name, "-f", file]);
  return { file, publicKey: (await readFile(`${file}.pub`, "utf8")).trim() };
}
