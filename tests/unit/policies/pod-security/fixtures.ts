import { container } from "#policies/lib/examples.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import { service } from "../neighbours/case.ts";

/** What Kubernetes' admission refuses or accepts of a pod, in the words of a container here. */
export interface Fixture {
  /** The check, and what of it, in kubernetes/kubernetes, staging/src/k8s.io/pod-security-admission/test. */
  readonly check: string;
  readonly resources: readonly ExampleResource[];
}

const NNP = "no-new-privileges:true";
const of = (check: string, changes: Readonly<Record<string, unknown>>): Fixture => ({
  check,
  resources: [container(changes)],
});
const options = (...more: string[]) => ({ securityOpts: [NNP, ...more] });
const bind = (source: string) => ({ type: "bind", source, target: `/mnt${source}` });
const seLinux = (check: string, seLinuxContext: object): Fixture => ({
  check,
  resources: service(check, { privileges: { seLinuxContext } }).resources,
});

export const refused: readonly Fixture[] = [
  of("hostPathVolumes: one among others", { mounts: [{ type: "tmpfs", target: "/tmp" }, bind("/a")] }),
  of("hostPathVolumes: two", { mounts: [bind("/a"), bind("/b")] }),
  of("hostPathVolumes: by host path", { volumes: [{ hostPath: "/a", containerPath: "/a" }] }),
  of("seLinuxOptions: type", options("label=type:somevalue")),
  of("seLinuxOptions: type, in the old spelling", options("label:type:somevalue")),
  of("seLinuxOptions: user", options("label=user:somevalue")),
  of("seLinuxOptions: role", options("label=role:somevalue")),
  seLinux("seLinuxOptions: a service's type", { type: "somevalue" }),
  seLinux("seLinuxOptions: a service's user", { user: "somevalue" }),
  seLinux("seLinuxOptions: a service's role", { role: "somevalue" }),
  seLinux("seLinuxOptions: a service without", { disable: true }),
  of("appArmorProfile: unconfined", options("apparmor=unconfined")),
  of("seccompProfile: unconfined", options("seccomp=unconfined")),
  of("procMount: unmasked", options("systempaths=unconfined")),
  of("hostNamespaces: network", { networkMode: "host", networksAdvanced: undefined }),
  of("hostNamespaces: pid", { pidMode: "host" }),
  of("hostNamespaces: ipc", { ipcMode: "host" }),
  of("hostPorts", { ports: [{ internal: 12_345, external: 12_345 }] }),
  of("privileged", { privileged: true }),
  ...["SYS_ADMIN", "NET_ADMIN", "NET_RAW", "CAP_SYS_TIME", "ALL"].map((name) =>
    of(`capabilities: ${name}`, { capabilities: { drops: ["ALL"], adds: [name] } }),
  ),
  of("capabilities: none dropped", { capabilities: { adds: [] } }),
  of("capabilities: some dropped", { capabilities: { drops: ["SYS_TIME", "SYS_MODULE"] } }),
  ...["kernel.msgmax_", "net.ipv4.ip_forward", "kernel.core_pattern", "vm.swappiness", "othersysctl"].map((name) =>
    of(`sysctls: ${name}`, { sysctls: { [name]: "0" } }),
  ),
  of("allowPrivilegeEscalation: not said", { securityOpts: [] }),
  of("allowPrivilegeEscalation: true", { securityOpts: ["no-new-privileges:false"] }),
  of("runAsNonRoot: not said", { user: undefined }),
  of("runAsUser: 0", { user: "0" }),
  of("hostProbesAndHostLifecycle: the machine's metadata as a name", {
    hosts: [{ host: "probe", ip: "169.254.169.254" }],
  }),
];

export const accepted: readonly Fixture[] = [
  of("hostPathVolumes: none", { mounts: [{ type: "tmpfs", target: "/tmp" }] }),
  of("hostPathVolumes: a volume", { mounts: [{ type: "volume", source: "a", target: "/a" }] }),
  of("seLinuxOptions: none", options()),
  ...["container_t", "container_init_t", "container_kvm_t", "container_engine_t"].map((type) =>
    of(`seLinuxOptions: ${type}`, options(`label=type:${type}`)),
  ),
  of("seLinuxOptions: any level", options("label=level:somevalue")),
  seLinux("seLinuxOptions: a service's type", { type: "container_t", level: "s0:c1,c2" }),
  of("appArmorProfile: the default", options("apparmor=docker-default")),
  of("appArmorProfile: a profile of its own", options("apparmor=foo")),
  of("hostNamespaces: private", { ipcMode: "private", cgroupnsMode: "private" }),
  of("hostPorts: none", { ports: [] }),
  of("privileged: false", { privileged: false }),
  of("capabilities: all dropped", { capabilities: { drops: ["ALL"], adds: [] } }),
  ...[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
  ].map((name) => of(`sysctls: ${name}`, { sysctls: { [name]: "0" } })),
  of("runAsUser: 1000", { user: "1000" }),
  of("allowPrivilegeEscalation: false", options()),
];
