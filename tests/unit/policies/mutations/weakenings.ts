import type { ExampleResource } from "#policies/lib/rule.ts";
import { fakeToken } from "../fake-tokens.ts";

type Values = Readonly<Record<string, unknown>>;

/** One property of a resource, and every value that makes it weaker. `undefined` leaves the property out. */
export interface Weakening {
  readonly type: string;
  readonly property: string;
  /** The weaker values, given what is there. */
  readonly values: (now: unknown, resource: ExampleResource) => readonly unknown[];
}

const container = (property: string, values: Weakening["values"]): Weakening => ({
  type: "docker:index/container:Container",
  property,
  values,
});
/** The list as it is, with one more entry. */
const with_ = (now: unknown, more: readonly unknown[]): unknown[][] => more.map((one) => [...list(now), one]);

const CAPABILITIES = [
  "ALL",
  "all",
  "CAP_ALL",
  "SYS_ADMIN",
  "CAP_SYS_ADMIN",
  "sys_admin",
  "NET_ADMIN",
  "SYS_PTRACE",
  "SYS_MODULE",
  "DAC_READ_SEARCH",
  "DAC_OVERRIDE",
  "NET_RAW",
  "SETUID",
  "SETGID",
  "MKNOD",
  "BPF",
];

const HOST_PATHS = [
  "/",
  "//",
  "/..",
  "/var/run/docker.sock",
  "/run/docker.sock",
  "/run//docker.sock/",
  "/srv/../run/docker.sock",
  "/var/run",
  "/run",
  "/var",
  "/run/containerd/containerd.sock",
  "/run/containerd",
  "/run/podman/podman.sock",
  "/run/user/1000/podman/podman.sock",
  "/run/user/1000/docker.sock",
  "/var/lib/incus/unix.socket",
  "/var/lib/incus",
  "/run/systemd/private",
  "/run/systemd",
  "/run/dbus/system_bus_socket",
  "/boot",
  "/dev",
  "/etc",
  "/etc/shadow",
  "/etc/ssh",
  "/lib",
  "/proc",
  "/proc/sys",
  "/sys",
  "/sys/fs/cgroup",
  "/usr",
  "/root",
  "/root/.ssh",
  "/home/operator/.ssh",
  "/var/lib/docker",
  "/var/lib/docker/volumes",
];

const DEVICE_OPTIONS = [
  { type: "none", o: "bind", device: "/" },
  { type: "none", o: "rbind,ro", device: "/var/run/docker.sock" },
  { type: "nfs", o: "addr=192.0.2.1,rw", device: ":/srv" },
  { type: "cifs", o: "username=a", device: "//192.0.2.1/files" },
  { device: "/dev/sda1", type: "ext4" },
];

const mounts: readonly Weakening[] = [
  container("mounts", (now) => [
    ...with_(
      now,
      HOST_PATHS.flatMap((source) => [
        { type: "bind", source, target: "/mnt/host" },
        { type: "bind", source, target: "/mnt/host", readOnly: true },
      ]),
    ),
    ...with_(
      now,
      DEVICE_OPTIONS.map((driverOptions) => ({
        type: "volume",
        source: "more",
        target: "/mnt/more",
        volumeOptions: { driverOptions },
      })),
    ),
    ...with_(
      now,
      ["shared", "rshared", "RSHARED"].map((propagation) => ({
        type: "bind",
        source: "/srv/more",
        target: "/mnt/more",
        bindOptions: { propagation },
      })),
    ),
  ]),
  container("volumes", (now) =>
    with_(now, [
      ...HOST_PATHS.map((hostPath) => ({ hostPath, containerPath: "/mnt/host" })),
      { volumeName: "/var/run/docker.sock", containerPath: "/docker.sock" },
      { fromContainer: "other" },
    ]),
  ),
  container("tmpfs", (now) =>
    Object.entries(record(now)).flatMap(([path, options]) =>
      [/(^|,)noexec/, /(^|,)nosuid/, /(^|,)nodev/, /(^|,)size=[^,]*/]
        .map((option) => ({ ...record(now), [path]: String(options).replace(option, "") }))
        .concat([
          { ...record(now), [path]: "" },
          { ...record(now), [path]: "rw,exec,suid,dev" },
        ]),
    ),
  ),
];

const rights: readonly Weakening[] = [
  container("privileged", () => [true, "true"]),
  container("user", () => [undefined, "", "root", "root:root", "0", "0:0", "00", "+0", "20001:0", "node", "nobody"]),
  container("readOnly", () => [undefined, false, "false"]),
  container("capabilities", () => [
    undefined,
    {},
    { drops: [] },
    { drops: ["CHOWN", "NET_RAW"] },
    ...CAPABILITIES.map((name) => ({ drops: ["ALL"], adds: [name] })),
  ]),
  container("securityOpts", (now) => [
    undefined,
    [],
    ["no-new-privileges:false"],
    ...with_(now, [
      "no-new-privileges:false",
      "no-new-privileges=false",
      "seccomp=unconfined",
      "seccomp:unconfined",
      "SECCOMP=Unconfined",
      'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}',
      'seccomp={"defaultAction":"SCMP_ACT_LOG","syscalls":[]}',
      "apparmor=unconfined",
      "apparmor:unconfined",
      "label=disable",
      "label:disable",
      "systempaths=unconfined",
    ]),
  ]),
  container("groupAdds", (now) => with_(now, ["docker", "root", "0", "disk", "incus-admin", "lxd", "libvirt"])),
  container("devices", () => [
    [{ hostPath: "/dev/kmsg" }],
    [{ hostPath: "/dev/sda", containerPath: "/dev/sda", permissions: "rwm" }],
    [{ hostPath: "/dev/kvm" }],
  ]),
  container("gpus", () => ["all"]),
  container("sysctls", () => [
    { "net.ipv4.ip_forward": "1" },
    { "kernel.core_pattern": "|/tmp/x" },
    { "net.ipv4.conf.all.route_localnet": "1" },
  ]),
];

const isolation: readonly Weakening[] = [
  // With networks of its own, a container leaves the default bridge before it starts.
  container("networkMode", (_, { properties }) =>
    properties.networksAdvanced === undefined
      ? ["host", "bridge", "default", "container:other", undefined]
      : ["host", "container:other"],
  ),
  container("pidMode", () => ["host", "HOST", "container:other"]),
  container("ipcMode", () => ["host", "shareable", "container:other"]),
  container("usernsMode", () => ["host"]),
  container("cgroupnsMode", () => ["host"]),
  container("ports", (now) =>
    with_(now, [
      { internal: 8080, external: 8080 },
      { internal: 8080, external: 8080, ip: "" },
      { internal: 8080, external: 8080, ip: "0.0.0.0" },
      { internal: 8080, external: 8080, ip: "::" },
      { internal: 8080, external: 8080, ip: "[::]" },
      { internal: 80, external: 80, ip: "127.0.0.1" },
      { internal: 22, external: 22, ip: "0.0.0.0" },
    ]),
  ),
  container("publishAllPorts", () => [true]),
  container("envs", (now) =>
    with_(now, [
      "DOCKER_HOST=tcp://192.0.2.1:2375",
      "DOCKER_HOST=unix:///var/run/docker.sock",
      "CONTAINER_HOST=unix:///run/podman/podman.sock",
      `ANTHROPIC_API_KEY=${fakeToken.anthropic}`,
      `GITHUB_TOKEN=${fakeToken.github}`,
      `AWS_SECRET_ACCESS_KEY=${fakeToken.awsSecret}`,
      `DB_PASSWORD=${fakeToken.password}`,
    ]),
  ),
  container("command", (now) => [
    ["/usr/sbin/sshd", "-D"],
    [...list(now), "--token", fakeToken.github],
  ]),
  container("entrypoints", () => [["sshd"], ["/usr/sbin/dropbear", "-F"]]),
];

const limits: readonly Weakening[] = [
  container("memory", () => [undefined, 0, -1]),
  container("memorySwap", (now) => [undefined, 0, -1, Number(now) * 2]),
  container("cpuQuota", () => [undefined, 0, -1]),
  container("cgroupParent", (now) => [
    ...(now === undefined ? [] : [undefined]),
    "/",
    "system.slice",
    "unlimited.slice",
  ]),
  container("ulimits", (now) =>
    with_(now, [
      { name: "nofile", soft: -1, hard: -1 },
      { name: "nofile", soft: 1_000_000_000, hard: 1_000_000_000 },
      { name: "core", soft: -1, hard: -1 },
      { name: "memlock", soft: -1, hard: -1 },
    ]),
  ),
  container("restart", () => ["always"]),
  container("healthcheck", () => [undefined, {}, { tests: [] }, { tests: ["NONE"] }, { tests: ["none"] }]),
  container("logDriver", () => ["none"]),
  container("logOpts", () => [undefined, {}, { "max-file": "3" }]),
  container("image", (now) => [
    String(now).split("@")[0],
    `${String(now).split("@")[0] ?? ""}:latest`,
    `${String(now).split("@")[0] ?? ""}:1.2.3`,
    "alpine",
    undefined,
  ]),
];

const others: readonly Weakening[] = [
  {
    type: "docker:index/network:Network",
    property: "internal",
    values: (now) => (now === true ? [undefined, false, "false"] : []),
  },
  { type: "docker:index/network:Network", property: "driver", values: () => ["host", "macvlan", "ipvlan"] },
  { type: "docker:index/volume:Volume", property: "driverOpts", values: () => DEVICE_OPTIONS },
  {
    type: "garrison:container:PidLimits",
    property: "limits",
    values: (now) =>
      Object.keys(record(now)).flatMap((name) =>
        [undefined, 0, -1, "max"].map((limit) => defined({ ...record(now), [name]: limit })),
      ),
  },
  {
    type: "garrison:container:HardenedContainer",
    property: "waivers",
    values: (now) =>
      list(now).length === 0
        ? []
        : [
            [],
            ...["reason", "owner", "expires"].map((field) => list(now).map((one) => ({ ...record(one), [field]: "" }))),
          ],
  },
  {
    type: "random:index/randomPassword:RandomPassword",
    property: "length",
    values: () => [1, 8],
  },
  ...["create", "delete"].map((property) => ({
    type: "command:local:Command",
    property,
    values: (now: unknown) => [
      `ssh -o StrictHostKeyChecking=no root@192.0.2.1 true; ${String(now)}`,
      `docker run --privileged alpine true; ${String(now)}`,
      `docker run -v /:/host alpine true; ${String(now)}`,
      `TOKEN=${fakeToken.github} ${String(now)}`,
    ],
  })),
];

/** Every security-relevant property of the office machine's resources. */
export const weakenings: readonly Weakening[] = [...rights, ...mounts, ...isolation, ...limits, ...others];

export function record(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
