import type { ContainerArgs } from "@pulumi/docker";
import type { JoinedContainer } from "./posture.ts";
import type { WaiverId } from "./waiver.ts";

/** What becomes of one input of the official `docker.Container`. */
export interface OfficialInput {
  /** What a container has that says nothing about it. */
  readonly otherwise: string;
  /** The options that say it; none: it is refused by its name. */
  readonly options: readonly (keyof JoinedContainer)[];
  /** Waivers that some of its values need. */
  readonly waivers?: readonly WaiverId[];
  /** The input as which it arrives, where it is another one. */
  readonly as?: keyof ContainerArgs;
  /** For whoever gives the official input: what to say instead, or why it cannot be said. */
  readonly instead?: string;
}

type Rest = Omit<OfficialInput, "options" | "otherwise">;

const option = (otherwise: string, options: readonly (keyof JoinedContainer)[], rest: Rest = {}): OfficialInput => ({
  otherwise,
  options,
  ...rest,
});
const refused = (otherwise: string, instead: string, waivers?: readonly WaiverId[]): OfficialInput => ({
  otherwise,
  options: [],
  instead,
  ...(waivers && { waivers }),
});

const DEVICES = { waivers: ["container.devices"] } as const;
const COMMANDS = { waivers: ["container.remote-shell", "container.planted-files"] } as const;
const OWN_NAMESPACE = "nothing: a container shares no namespace with the host or another one";

/** Every input of the official container, in its order; the compiler keeps the list whole. */
export const officialInputs: Readonly<Record<keyof ContainerArgs, OfficialInput>> = {
  attach: option("`false`, for a job `true`", ["job"], { instead: "`job: true`, which the deployment waits for" }),
  capabilities: refused(
    "all dropped, none added",
    'a waiver container.capabilities with `add: ["CHOWN", …]`: all are dropped, and these come back',
    ["container.capabilities"],
  ),
  cgroupParent: option("the daemon's", ["cgroupParent"], { waivers: ["container.cgroup-parent"] }),
  cgroupnsMode: refused("`private`", OWN_NAMESPACE),
  command: option("the image's", ["command"], COMMANDS),
  containerReadRefreshTimeoutMilliseconds: refused("the provider's", "nothing: it is the provider's own"),
  cpuPeriod: refused("100000", "`cpus`, in fractions of one"),
  cpuQuota: option("what `cpus` says", ["cpus"], { instead: "`cpus`, in fractions of one" }),
  cpuSet: option("all processors", ["cpuSet"]),
  cpuShares: option("Docker's", ["cpuShares"]),
  cpus: option("required", ["cpus"], { as: "cpuQuota" }),
  destroyGraceSeconds: option("10", ["stopSeconds"], { instead: "`stopSeconds`" }),
  deviceCgroupRules: option("none", ["deviceCgroupRules"], DEVICES),
  deviceReadBps: option("no limit", ["deviceReadBps"]),
  deviceReadIops: option("no limit", ["deviceReadIops"]),
  deviceRequests: option("none", ["deviceRequests"], DEVICES),
  deviceWriteBps: option("no limit", ["deviceWriteBps"]),
  deviceWriteIops: option("no limit", ["deviceWriteIops"]),
  devices: option("none", ["devices"], DEVICES),
  dns: option("Docker's resolver", ["resolvers"], {
    waivers: ["container.name-resolution"],
    instead: "`resolvers`",
  }),
  dnsOpts: option("Docker's", ["dnsOpts"]),
  dnsSearches: option("Docker's", ["dnsSearches"]),
  domainname: option("none", ["domainname"]),
  entrypoints: option("the image's", ["entrypoint"], { ...COMMANDS, instead: "`entrypoint`" }),
  envs: option("none", ["environment"], {
    waivers: ["container.docker-api", "container.remote-shell"],
    instead: "`environment`, a mapping",
  }),
  gpus: option("none", ["gpus"], DEVICES),
  groupAdds: option("none", ["groupAdds"], { waivers: ["container.groups"] }),
  healthcheck: option("required", ["health"], {
    waivers: ["container.health-check"],
    instead: '`health`: exec(["program", …]), or "image"',
  }),
  hostname: option("the container's name", ["hostname"]),
  hosts: option("none", ["hosts"], { waivers: ["container.name-resolution"] }),
  image: option("required, by digest", ["image"]),
  init: option("`true`", ["init"]),
  ipcMode: refused("`private`", OWN_NAMESPACE),
  labels: option("`garrison.service`, and what follows from other options", ["labels"]),
  logDriver: option("`json-file`", ["logDriver"], { waivers: ["container.logs"] }),
  logOpts: option("3 files of 10 MB", ["logOpts"], { waivers: ["container.logs"] }),
  logs: refused("`false`", "nothing: a log in the state is a secret in the state; `docker logs` reads it"),
  maxRetryCount: option("3 where `restart` is `on-failure`", ["maxRetryCount"], { waivers: ["container.restart"] }),
  memory: option("required", ["memory"]),
  memoryReservation: option("none", ["memoryReservation"]),
  memorySwap: refused("the same as `memory`: no swap", "`memory`: there is no swap on top of it"),
  mounts: option("none", ["writable", "mounts"], {
    waivers: ["container.sensitive-mounts", "container.host-path", "container.planted-files"],
  }),
  mustRun: option("`true`, for a job `false`", ["job"], { instead: "`job: true` for what is to end" }),
  name: option("the component's name", ["containerName"], { instead: "`containerName`" }),
  networkMode: refused("`none` without a network", `\`networks\`, by name; ${OWN_NAMESPACE}`),
  networksAdvanced: option("required, none is loopback only", ["networks", "aliases"], {
    instead: "`networks`, and `aliases`",
  }),
  pidMode: refused("its own", OWN_NAMESPACE),
  platform: option("the machine's", ["platform"]),
  ports: option("none", ["publishes", "publishAddress"], {
    waivers: ["container.published-ports", "container.remote-shell", "container.docker-api"],
    instead: "`publishes` and `publishAddress`",
  }),
  privileged: refused("`false`", "the one capability or device that the program needs, under a waiver"),
  publishAllPorts: refused("`false`", "`publishes`, port by port"),
  readOnly: refused("`true`", "`writable`, path by path, or a waiver container.read-only-root", [
    "container.read-only-root",
  ]),
  removeVolumes: refused("the provider's", "`writable` with named volumes, which are kept"),
  restart: option("`unless-stopped`, for a job `on-failure`", ["restart"], { waivers: ["container.restart"] }),
  rm: refused("`false`", "`job: true`: what has ended stays for its log until it is replaced"),
  runtime: option("the daemon's, for an agent `runsc`", ["runtime", "agent"], { waivers: ["agent.runtime"] }),
  securityOpts: option("`no-new-privileges:true`, and Docker's own profiles", ["profiles"], {
    waivers: ["container.security-profiles"],
    instead: "`profiles`; no-new-privileges stays",
  }),
  shmSize: option("64 MiB", ["shmSize"]),
  start: refused("`true`", "nothing: what is not to run is left out"),
  stdinOpen: option("`false`", ["stdinOpen"]),
  stopSignal: option("the image's", ["stopSignal"]),
  stopTimeout: option("10", ["stopSeconds"], { instead: "`stopSeconds`" }),
  storageOpts: option("none", ["storageOpts"]),
  sysctls: option("none", ["sysctls"], { waivers: ["container.sysctls"] }),
  tmpfs: option("none", ["writable"], { waivers: ["container.tmpfs"], instead: "`writable`: tmpfs(64)" }),
  tty: option("`false`", ["tty"]),
  ulimits: option("the daemon's, and no core file", ["ulimits"], { waivers: ["container.ulimits"] }),
  uploads: refused("none", "`mounts`, read-only: what is uploaded is in the state and in the container's layer"),
  user: option("required, a number from 20001", ["user"], { waivers: ["container.user", "container.groups"] }),
  usernsMode: refused("the daemon's", OWN_NAMESPACE),
  volumes: option("none", ["writable", "mounts"], {
    as: "mounts",
    waivers: ["container.sensitive-mounts", "container.host-path"],
    instead: "`writable`: volume(name), tmpfs(size), bind(path); or `mounts`, read-only",
  }),
  wait: option("`true` where Garrison knows the health check", ["health"], { instead: "`health`" }),
  waitTimeout: option("120", ["startSeconds"], { instead: "`startSeconds`" }),
  workingDir: option("the image's", ["workingDir"]),
};
