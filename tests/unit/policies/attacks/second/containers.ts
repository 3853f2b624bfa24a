import type { Neighbour } from "../../neighbours/case.ts";
import { given, resource, service, shell } from "../../neighbours/case.ts";

const SECRET = ["9f8Q2hVx7LmZ4tRk", "1PwB6cYd3NsJ0gEa"].join("");
const bind = (source: string, target: string, rule?: string, readOnly = false) =>
  given(`${source} on ${target}`, { mounts: [{ type: "bind", source, target, readOnly }] }, rule);
const env = (entry: string, rule?: string) => given(`the variable ${entry}`, { envs: [entry] }, rule);
const words = (line: string, rule?: string) => given(`the command ${line}`, { command: line.split(" ") }, rule);
const sysctl = (name: string, value: string, rule?: string) =>
  given(`${name} of ${value}`, { sysctls: { [name]: value } }, rule);
const label = (option: string, rule?: string) =>
  given(option, { securityOpts: ["no-new-privileges:true", option] }, rule);
const log = (logDriver: string, logOpts: object, rule?: string) =>
  given(`a log by ${logDriver} ${JSON.stringify(logOpts)}`, { logDriver, logOpts }, rule);
const network = (subnet: string, rule?: string) =>
  resource(`a network of ${subnet}`, "Network", { name: "n", internal: true, ipamConfigs: [{ subnet }] }, rule);
const upload = (file: string, content: string, rule?: string) =>
  given(`a file ${file}`, { uploads: [{ file, content }] }, rule);
const allows = (capability: string) =>
  JSON.stringify({
    defaultAction: "SCMP_ACT_ERRNO",
    syscalls: [{ names: ["mount"], action: "SCMP_ACT_ALLOW", includes: { caps: [capability] } }],
  });

/** What a second attack got past the rules on containers, each with the rule that has found it since. */
export const dangerousContainers: readonly Neighbour[] = [
  given("the runtime of a GPU", { runtime: "nvidia" }, "container.devices"),
  given("a program of the host as the runtime", { runtime: "/usr/local/sbin/runc" }, "container.devices"),
  given("real-time priority", { ulimits: [{ name: "rtprio", soft: 99, hard: 99 }] }, "container.ulimits"),
  sysctl("net.ipv6.conf.all.disable_ipv6", "0", "container.sysctls"),
  sysctl("net.ipv6.conf.default.disable_ipv6", "0", "container.sysctls"),
  label("label=level:s0:c0.c1023", "container.security-profiles"),
  label("label:level:s15", "container.security-profiles"),
  label(`seccomp=${allows("CAP_NET_BIND_SERVICE")}`, "container.security-profiles"),
  label(`seccomp=${allows("constructor")}`, "container.security-profiles"),
  bind("/srv/pam", "/etc/pam.d", "container.planted-files", true),
  bind("/srv/sudo", "/etc/sudoers.d", "container.planted-files"),
  bind("/srv/security", "/etc/security", "container.planted-files"),
  bind("/srv/polkit", "/etc/polkit-1/rules.d", "container.planted-files"),
  bind("/srv/libraries", "/etc/ld.so.conf.d", "container.planted-files"),
  given(
    "the library of a writable mount in every program",
    { envs: ["LD_PRELOAD=/data/hook.so"], volumes: [{ volumeName: "data", containerPath: "/data" }] },
    "container.planted-files",
  ),
  env("LD_PRELOAD=/tmp/hook.so", "container.planted-files"),
  given("a file of the deployer's", { uploads: [{ file: "/a", source: "/etc/shadow" }] }, "container.sensitive-mounts"),
  given(
    "the name of a registry on its network",
    { networkMode: undefined, networksAdvanced: [{ name: "app", aliases: ["login.microsoftonline.com"] }] },
    "container.name-resolution",
  ),
  env("NODE_TLS_REJECT_UNAUTHORIZED=0", "container.name-resolution"),
  env("PYTHONHTTPSVERIFY=0", "container.name-resolution"),
  env("GIT_SSL_NO_VERIFY=true", "container.name-resolution"),
  env("ALLOW_ANONYMOUS_LOGIN=yes", "secret.in-environment"),
  env("xpack.security.enabled=false", "secret.in-environment"),
  env("plugins.security.disabled=true", "secret.in-environment"),
  env("N8N_USER_MANAGEMENT_DISABLED=true", "secret.in-environment"),
  words("redis-server --protected-mode no", "secret.in-environment"),
  words("valkey-server --bind 0.0.0.0 --protected-mode no", "secret.in-environment"),
  words("vault server -dev -dev-root-token-id=root", "secret.in-environment"),
  words("traefik --api.insecure=true", "secret.in-environment"),
  words("kubectl proxy --address=0.0.0.0 --accept-hosts=.*", "secret.in-environment"),
  words("etcd --listen-client-urls http://0.0.0.0:2379", "secret.in-environment"),
  words("dockerd --host tcp://0.0.0.0:2375", "secret.in-environment"),
  upload("/etc/redis.conf", `requirepass ${SECRET}\n`, "secret.plain-property"),
  log("json-file", { "max-size": "10m", "max-file": "100000" }, "container.logs"),
  log("gelf", { "gelf-address": "udp://logs.example.org:12201" }, "container.logs"),
  log("fluentd", { "fluentd-address": "tcp://203.0.113.9:24224" }, "container.logs"),
  network("169.254.169.0/24", "network.driver"),
  network("0.0.0.0/1", "network.driver"),
  network("8.8.8.0/24", "network.driver"),
  resource(
    "setuid programs in a volume's tmpfs",
    "Volume",
    { name: "v", driverOpts: { type: "tmpfs", device: "tmpfs", o: "size=64m,exec,suid" } },
    "container.tmpfs",
  ),
  resource(
    "a build among the system's processes",
    "RemoteImage",
    { name: "app:1", build: { context: ".", cgroupParent: "/" } },
    "docker.build",
  ),
  service("a service without limits", {}, { resources: {} }, "container.limits"),
];

/** Their neighbours that do no harm. */
export const harmlessContainers: readonly Neighbour[] = [
  given("another runtime of the usual kind", { runtime: "crun" }),
  given("a sandboxed runtime", { runtime: "runsc" }),
  given("no real-time priority", { ulimits: [{ name: "rtprio", soft: 0, hard: 0 }] }),
  sysctl("net.ipv6.conf.all.disable_ipv6", "1"),
  sysctl("net.ipv4.conf.all.rp_filter", "1"),
  sysctl("net.ipv4.conf.all.accept_redirects", "0"),
  label("label=level:s0:c100,c200"),
  label("label=level:s0"),
  label(`seccomp=${allows("CAP_SYS_ADMIN")}`),
  bind("/srv/pam.d", "/data/pam.d"),
  bind("/srv/nginx", "/etc/nginx", undefined, true),
  bind("/usr/share/fonts", "/usr/share/fonts", undefined, true),
  bind("/usr/share/GeoIP", "/data/geo", undefined, true),
  env("LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"),
  given("a library of the image beside a writable mount", {
    envs: ["LD_PRELOAD=/opt/app/hook.so"],
    volumes: [{ volumeName: "data", containerPath: "/data" }],
  }),
  given("the names of a service", {
    networkMode: undefined,
    networksAdvanced: [{ name: "app", aliases: ["db", "db.internal"] }],
  }),
  env("NODE_TLS_REJECT_UNAUTHORIZED=1"),
  env("NODE_EXTRA_CA_CERTS=/run/secrets/ca.pem"),
  env("ALLOW_ANONYMOUS_LOGIN=no"),
  env("xpack.security.enabled=true"),
  words("redis-server --protected-mode no --aclfile /run/secrets/users.acl"),
  words("vault server -config=/etc/vault.hcl"),
  words("traefik --api.insecure=false"),
  words("etcd --listen-client-urls https://0.0.0.0:2379"),
  upload("/etc/redis.conf", "aclfile /run/secrets/users.acl\nrename-command CONFIG ''\n"),
  upload("/data/readme.md", "requirepass is what protects a Redis.\n"),
  log("json-file", { "max-size": "100m", "max-file": "10" }),
  log("syslog", { "syslog-address": "tcp+tls://logs.example.org:6514" }),
  log("journald", { tag: "app" }),
  network("10.90.1.0/26"),
  network("192.0.2.0/28"),
  network("2a01:4f8:1:2::/80"),
  resource("a volume's tmpfs", "Volume", {
    name: "v",
    driverOpts: { type: "tmpfs", device: "tmpfs", o: "size=64m,noexec,nosuid,nodev" },
  }),
  resource("a build in a group of its own", "RemoteImage", {
    name: "app:1",
    build: { context: ".", cgroupParent: "/builds.slice" },
  }),
  service("a service with limits", {}),
  shell("mount | grep ' on /data ' && exec app"),
];
