import type { ContainerArgs } from "@pulumi/docker";
import { bind, tmpfs, volume } from "#components/container/facts.ts";
import type { JoinedContainer } from "#components/container/posture.ts";
import type { WaiverId } from "#components/container/waiver.ts";

/** Something that a user says of a container. */
interface Saying {
  readonly say: Partial<JoinedContainer> & { readonly add?: readonly string[] };
  /** The waivers that it takes, no more and no fewer. */
  readonly waivers?: readonly WaiverId[];
  /** Inputs of the official container by which it arrives. */
  readonly arrives: readonly (keyof ContainerArgs)[];
}

/** Waivers that are themselves the words for what they allow. */
export const NAMED: readonly WaiverId[] = ["container.read-only-root", "container.capabilities"];

/** At least one for every input that can be said. */
export const SAYINGS: Readonly<Record<string, Saying>> = {
  "a one-shot job": {
    say: { job: true, health: "image", entrypoint: ["/migrate"] },
    arrives: ["attach", "mustRun", "restart", "maxRetryCount", "entrypoints", "healthcheck", "wait"],
  },
  "a capability": {
    say: { add: ["CHOWN"] },
    waivers: ["container.capabilities"],
    arrives: ["capabilities"],
  },
  "a group with a limit": { say: { cgroupParent: "batch.slice" }, waivers: [], arrives: ["cgroupParent"] },
  "a group of the system's": {
    say: { cgroupParent: "system.slice" },
    waivers: ["container.cgroup-parent"],
    arrives: ["cgroupParent"],
  },
  "a command that makes a file setuid": {
    say: { command: ["sh", "-c", "chmod u+s /data/x; exec server"] },
    waivers: ["container.planted-files"],
    arrives: ["command"],
  },
  "an entrypoint that makes a file setuid": {
    say: { entrypoint: ["sh", "-c", "chmod 4755 /data/x; exec server"] },
    waivers: ["container.planted-files"],
    arrives: ["entrypoints"],
  },
  "a small server for shells": {
    say: { entrypoint: ["dropbear", "-F"] },
    waivers: ["container.remote-shell"],
    arrives: ["entrypoints"],
  },
  "a debugger": {
    say: { environment: { NODE_OPTIONS: "--inspect=0.0.0.0:9229" } },
    waivers: ["container.remote-shell"],
    arrives: ["envs"],
  },
  "a daemon's port": {
    say: { publishes: [{ internal: 2375, external: 12_375 }] },
    waivers: ["container.docker-api"],
    arrives: ["ports"],
  },
  "files without an end": {
    say: { logOpts: { "max-file": "1" } },
    waivers: ["container.logs"],
    arrives: ["logOpts"],
  },
  "a command": { say: { command: ["serve"] }, arrives: ["command"] },
  "half a processor more": { say: { cpus: 1 }, arrives: ["cpuQuota"] },
  "processors of its own": { say: { cpuSet: "0-1" }, arrives: ["cpuSet"] },
  "a weight": { say: { cpuShares: 512 }, arrives: ["cpuShares"] },
  "time to stop": { say: { stopSeconds: 60 }, arrives: ["stopTimeout", "destroyGraceSeconds"] },
  "time to start": { say: { startSeconds: 300 }, arrives: ["waitTimeout"] },
  "a device": {
    say: { devices: [{ hostPath: "/dev/dri/renderD128", permissions: "rw" }] },
    waivers: ["container.devices"],
    arrives: ["devices"],
  },
  "a class of devices": {
    say: { deviceCgroupRules: ["c 189:* rmw"] },
    waivers: ["container.devices"],
    arrives: ["deviceCgroupRules"],
  },
  "every GPU": { say: { gpus: "all" }, waivers: ["container.devices"], arrives: ["gpus"] },
  "one GPU": {
    say: { deviceRequests: [{ driver: "nvidia", count: 1, capabilities: ["gpu"] }] },
    waivers: ["container.devices"],
    arrives: ["deviceRequests"],
  },
  "a slower disk": {
    say: {
      deviceReadBps: [{ path: "/dev/sda", rate: 1_000_000 }],
      deviceReadIops: [{ path: "/dev/sda", rate: 100 }],
      deviceWriteBps: [{ path: "/dev/sda", rate: 1_000_000 }],
      deviceWriteIops: [{ path: "/dev/sda", rate: 100 }],
    },
    arrives: ["deviceReadBps", "deviceReadIops", "deviceWriteBps", "deviceWriteIops"],
  },
  "a public resolver": {
    say: {
      resolvers: ["9.9.9.9"],
      dnsOpts: ["ndots:1"],
      dnsSearches: ["example.internal"],
      domainname: "example.internal",
    },
    arrives: ["dns", "dnsOpts", "dnsSearches", "domainname"],
  },
  "somebody's resolver": {
    say: { resolvers: ["192.0.2.66"] },
    waivers: ["container.name-resolution"],
    arrives: ["dns"],
  },
  "the host by its name": { say: { hosts: { "host.docker.internal": "host-gateway" } }, arrives: ["hosts"] },
  "another address for a model": {
    say: { hosts: { "api.openai.com": "10.0.0.9" } },
    waivers: ["container.name-resolution"],
    arrives: ["hosts"],
  },
  settings: { say: { environment: { TZ: "UTC" }, hostname: "node-1" }, arrives: ["envs", "hostname"] },
  "a daemon's address": {
    say: { environment: { DOCKER_HOST: "tcp://docker-socket-proxy:2375" } },
    waivers: ["container.docker-api"],
    arrives: ["envs"],
  },
  "a group": { say: { groupAdds: ["video"] }, arrives: ["groupAdds"] },
  "a group of the host": { say: { groupAdds: ["docker"] }, waivers: ["container.groups"], arrives: ["groupAdds"] },
  "another health check": { say: { health: { test: ["CMD-SHELL", "test -e /tmp/up"] } }, arrives: ["healthcheck"] },
  "the image's health check": {
    say: { health: "image", restart: "on-failure" },
    waivers: ["container.health-check"],
    arrives: ["healthcheck", "wait", "restart"],
  },
  "no health check": {
    say: { health: "none" },
    waivers: ["container.health-check", "container.restart"],
    arrives: ["healthcheck", "wait"],
  },
  "another image": { say: { image: `docker.io/library/x@sha256:${"2".repeat(64)}` }, arrives: ["image"] },
  "a PID 1 of the image": { say: { init: false }, arrives: ["init"] },
  "a label": { say: { labels: { "example.team": "a" } }, arrives: ["labels"] },
  "the journal": { say: { logDriver: "journald", logOpts: { tag: "x" } }, arrives: ["logDriver", "logOpts"] },
  "no log": { say: { logDriver: "none" }, waivers: ["container.logs"], arrives: ["logDriver"] },
  "a log without an end": { say: { logDriver: "json-file" }, waivers: ["container.logs"], arrives: ["logOpts"] },
  "more memory": {
    say: { memory: 256, memoryReservation: 64 },
    arrives: ["memory", "memorySwap", "memoryReservation"],
  },
  "a volume": { say: { writable: { "/data": volume("example-data") } }, arrives: ["mounts"] },
  "a directory to read": { say: { mounts: { "/etc/app": "/srv/app" } }, arrives: ["mounts"] },
  "a directory to write": {
    say: { writable: { "/data": bind("/srv/app") } },
    waivers: ["container.host-path"],
    arrives: ["mounts"],
  },
  "the Docker socket": {
    say: { mounts: { "/var/run/docker.sock": "/var/run/docker.sock" } },
    waivers: ["container.sensitive-mounts"],
    arrives: ["mounts"],
  },
  "a line for sudo": {
    say: { mounts: { "/etc/sudoers.d/app": "/srv/app/sudo" } },
    waivers: ["container.planted-files"],
    arrives: ["mounts"],
  },
  "another name": { say: { containerName: "example" }, arrives: ["name"] },
  "another network": {
    say: { networks: [{ name: "example-net", address: "10.0.0.4" }], aliases: ["x"] },
    arrives: ["networksAdvanced"],
  },
  "another platform": { say: { platform: "linux/arm64" }, arrives: ["platform"] },
  "a port": { say: { publishes: [8080] }, arrives: ["ports"] },
  "ports of UDP, moved": {
    say: {
      publishes: [
        { internal: "40000-40010", external: "50000-50010", protocol: "udp" },
        { internal: 80, external: 8081 },
      ],
    },
    arrives: ["ports"],
  },
  "a privileged port on every address": {
    say: { publishes: [443], publishAddress: "0.0.0.0" },
    waivers: ["container.published-ports"],
    arrives: ["ports"],
  },
  "a port for shells": {
    say: { publishes: [{ internal: 22, external: 10_022 }] },
    waivers: ["container.remote-shell"],
    arrives: ["ports"],
  },
  "a root that it writes to": { say: {}, waivers: ["container.read-only-root"], arrives: ["readOnly"] },
  "always started again": { say: { restart: "always" }, waivers: ["container.restart"], arrives: ["restart"] },
  "started again ten times": {
    say: { restart: "on-failure", maxRetryCount: 10 },
    waivers: ["container.restart"],
    arrives: ["restart", "maxRetryCount"],
  },
  "another runtime": { say: { runtime: "crun" }, arrives: ["runtime"] },
  "a runtime with devices": { say: { runtime: "nvidia" }, waivers: ["container.devices"], arrives: ["runtime"] },
  "a profile of its own": {
    say: { profiles: { apparmor: "app", label: ["type:container_t"] } },
    arrives: ["securityOpts"],
  },
  "no profile": {
    say: { profiles: { seccomp: "unconfined", apparmor: "unconfined" } },
    waivers: ["container.security-profiles"],
    arrives: ["securityOpts"],
  },
  "shared memory": { say: { shmSize: 96 }, arrives: ["shmSize"] },
  "a terminal": { say: { tty: true, stdinOpen: true }, arrives: ["tty", "stdinOpen"] },
  "another signal": { say: { stopSignal: "SIGQUIT" }, arrives: ["stopSignal"] },
  "a disk of a size": { say: { storageOpts: { size: "10G" } }, arrives: ["storageOpts"] },
  "a longer queue": { say: { sysctls: { "net.core.somaxconn": "1024" } }, arrives: ["sysctls"] },
  "a router": {
    say: { sysctls: { "net.ipv4.ip_forward": "1" } },
    waivers: ["container.sysctls"],
    arrives: ["sysctls"],
  },
  "a tmpfs": { say: { writable: { "/tmp": tmpfs(64) } }, arrives: ["tmpfs"] },
  "a tmpfs that runs programs": {
    say: { writable: { "/tmp": tmpfs(64, { exec: true }) } },
    waivers: ["container.tmpfs"],
    arrives: ["tmpfs"],
  },
  "many files": { say: { ulimits: { nofile: [65_536, 65_536] } }, arrives: ["ulimits"] },
  "locked memory": { say: { ulimits: { memlock: [-1, -1] } }, waivers: ["container.ulimits"], arrives: ["ulimits"] },
  "another user": { say: { user: { uid: 20_002, gid: 20_002 } }, arrives: ["user"] },
  root: { say: { user: { uid: 0, gid: 0 } }, waivers: ["container.user"], arrives: ["user"] },
  "a disk's group": { say: { user: { uid: 20_001, gid: 6 } }, waivers: ["container.groups"], arrives: ["user"] },
  "a server for shells": {
    say: { command: ["sshd", "-D"] },
    waivers: ["container.remote-shell"],
    arrives: ["command"],
  },
  "another directory": { say: { workingDir: "/app" }, arrives: ["workingDir"] },
};
