import { readAnywhere, readOptions, words } from "./shell/options.ts";
import type { Grammar } from "./shell/options.ts";
import type { Call } from "./shell/script.ts";

/** A call of a container program's command line. */
export interface ContainerCommand {
  readonly program: string;
  /** `run`, `exec`, `volume create`, `compose`, …: without the group `container` or `image`. */
  readonly verb: string;
  /** Options of the program, before the verb. */
  readonly global: ReadonlyMap<string, readonly string[]>;
  /** Options of the verb in full, each with its values, in the order given; one without a value has the value `true`. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** What stands behind the options: of `run` the image and its own words. */
  readonly operands: readonly string[];
  readonly call: Call;
}

const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ["docker", "docker"],
  ["docker.io", "docker"],
  ["docker.exe", "docker"],
  ["podman", "podman"],
  ["podman-remote", "podman"],
  ["buildah", "podman"],
  ["nerdctl", "nerdctl"],
  ["finch", "nerdctl"],
  ["docker-compose", "docker"],
  ["podman-compose", "podman"],
]);

const GLOBAL: Grammar = {
  valued: words(
    "config context c host H log-level l tlscacert tlscert tlskey url connection identity root runroot runtime storage-driver storage-opt namespace n " +
      "address a snapshotter data-root cgroup-manager cni-path cni-netconfpath hosts-dir conmon events-backend log-driver tmpdir ssh out",
  ),
};

/** Groups whose second word is the verb; `container` and `image` add nothing to it. */
const GROUPS = words(
  "container image volume network plugin swarm service stack compose system builder buildx context kube play node secret config pod machine generate",
);
const PLAIN_GROUPS = words("container image");

/** Options that take no value, of Docker, Podman and nerdctl. */
const FLAGS = words(
  "detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged publish-all quiet read-only rm sig-proxy tty " +
    "use-api-socket env-host rmi replace no-hosts no-hostname http-proxy read-only-tmpfs tls-verify systemd-always passwd env-merge-all all latest " +
    "force recursive grant-all-permissions disable internal attachable ingress ipv6 ipv4 config-only no-trunc follow-link archive wait build " +
    "pull-always remove-orphans force-recreate no-recreate no-deps no-build with-registry-auth insecure certs stdin keep-id default",
);

/** Options that take the next word. */
const VALUED = words(
  "add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile cpu-period cpu-quota cpu-rt-period " +
    "cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach-keys device device-cgroup-rule device-read-bps device-read-iops device-write-bps " +
    "device-write-iops dns dns-option dns-opt dns-search domainname entrypoint env env-file expose gpus group-add health-cmd health-interval " +
    "health-retries health-start-interval health-start-period health-timeout hostname io-maxbandwidth io-maxiops ip ip6 ipc isolation kernel-memory " +
    "label label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap memory-swappiness mount name network " +
    "network-alias oom-score-adj pid pids-limit platform publish pull restart runtime security-opt shm-size stop-signal stop-timeout storage-opt " +
    "sysctl tmpfs ulimit user userns uts volume volume-driver volumes-from workdir " +
    // Podman and nerdctl.
    "arch authfile cgroup-conf cgroups chrootdirs conmon-pidfile creds cert-dir decryption-key env-merge gidmap gpu group-entry hooks-dir hostuser " +
    "image-volume init-ctr init-path initctr ipfs-address override-arch override-os override-variant passwd-entry personality pidfile pod pod-id-file " +
    "preserve-fd preserve-fds rdt-class requires retry retry-delay rootfs-propagation sdnotify seccomp-policy secret shm-size-systemd signature-policy " +
    "subgidname subuidname systemd timeout tz uidmap umask unsetenv variant volume-name cosign-key verify net net-alias ns " +
    // Networks, volumes, plugins, services, compose.
    "driver opt options subnet gateway ip-range aux-address ipam-driver ipam-opt scope config-from alias driver-opt file project-name profile " +
    "project-directory parallel ansi env-from-file compose-file constraint container-label config credential-spec endpoint-mode generic-resource host " +
    "limit-cpu limit-memory limit-pids mode placement-pref replicas replicas-max-per-node reserve-cpu reserve-memory restart-condition cap-add-list " +
    "network-add mount-add publish-add args image listen-addr advertise-addr token docker from kubernetes description tag build-arg target output " +
    "cache-from cache-to allow scale resolve-image set build-context buildkitd-flags buildkitd-config metadata-file iidfile builder ssh attest",
);

const SHORT: ReadonlyMap<string, string> = new Map([
  ...Object.entries({
    P: "publish-all",
    a: "attach",
    c: "cpu-shares",
    d: "detach",
    e: "env",
    f: "file",
    h: "hostname",
    i: "interactive",
    l: "label",
    m: "memory",
    o: "opt",
    p: "publish",
    q: "quiet",
    t: "tty",
    u: "user",
    v: "volume",
    w: "workdir",
  }),
  ["net", "network"],
  ["gpu", "gpus"],
]);

const GRAMMAR: Grammar = { valued: VALUED, flags: FLAGS, names: SHORT };
/** What letters mean where they do not mean what they mean to `run`. */
const OTHERWISE: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ["compose", { p: "project-name", c: "context" }],
  ["stack deploy", { c: "compose-file" }],
  ["stack up", { c: "compose-file" }],
  ["volume create", { d: "driver" }],
  ["network create", { d: "driver" }],
  ["cp", { a: "archive", L: "follow-link" }],
]);

/** Reads a command of a script as a container program would, or gives undefined when it is none. */
export function containerCommandOf(call: Call): ContainerCommand | undefined {
  const program = PROGRAMS.get(call.name);
  if (program === undefined) return undefined;
  const before = readOptions(call.argv, GLOBAL, 1);
  const isCompose = call.name.endsWith("-compose");
  const first = isCompose ? "compose" : (call.argv[before.next] ?? "");
  let next = isCompose ? 1 : before.next + 1;
  let verb = first;
  // Compose has its own options before its verb, which is among the operands.
  if (GROUPS.has(first) && first !== "compose") {
    // Podman takes its global options behind the group as well.
    next = readOptions(call.argv, GLOBAL, next).next;
    verb = PLAIN_GROUPS.has(first) ? (call.argv[next] ?? "") : `${first} ${call.argv[next] ?? ""}`;
    next += 1;
  }
  const others = OTHERWISE.get(verb);
  const grammar =
    others === undefined ? GRAMMAR : { ...GRAMMAR, names: new Map([...SHORT, ...Object.entries(others)]) };
  // Behind an image or a container the words are a program's own; elsewhere options may stand anywhere.
  const isWrapping = /^(run|create|exec|compose|service create|pod create)$/.test(verb);
  const { options, operands } = isWrapping
    ? upToFirst(call.argv, grammar, next)
    : readAnywhere(call.argv, grammar, next);
  const global = isCompose ? new Map<string, readonly string[]>() : before.options;
  return { program, verb, global, options, operands, call };
}

function upToFirst(argv: readonly string[], grammar: Grammar, from: number) {
  const read = readOptions(argv, grammar, from);
  return { options: read.options, operands: argv.slice(read.next) };
}

/** What Go's ParseBool takes for true. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(1|t|T|true|TRUE|True)$/.test(value);
}
