import type { ExampleResource } from "#policies/lib/rule.ts";
import { record } from "./weakenings.ts";

type Graph = ExampleResource[];

/** A change of the office machine that makes nothing weaker. */
interface Harmless {
  readonly title: string;
  readonly change: (graph: Graph) => Graph;
}

const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";
const VOLUME = "docker:index/volume:Volume";

type Property = readonly [title: string, property: string, value: (now: unknown) => unknown];

const append =
  (...more: readonly unknown[]) =>
  (now: unknown): unknown => [...(Array.isArray(now) ? (now as unknown[]) : []), ...more];
const merge = (more: object) => (now: unknown) => ({ ...record(now), ...more });
const set = (value: unknown) => () => value;

/** Changes of a container's properties. */
const containerChanges: readonly Property[] = [
  ["another host name", "hostname", set("renamed")],
  ["a domain name", "domainname", set("office.example")],
  ["a longer grace at its end", "stopTimeout", set(60)],
  ["another stop signal", "stopSignal", set("SIGINT")],
  ["less memory and as much swap", "memory", (now) => now],
  ["no init", "init", set(false)],
  ["not waited for", "wait", set(false)],
  ["waited for longer", "waitTimeout", set(900)],
  ["a longer destruction", "destroyGraceSeconds", set(30)],
  ["a plain variable", "envs", append("TZ=Europe/Berlin")],
  ["a language", "envs", append("LANG=de_DE.UTF-8")],
  ["a log level", "envs", append("LOG_LEVEL=debug")],
  ["a port in a variable", "envs", append("PORT=8080")],
  ["a public address in a variable", "envs", append("PUBLIC_URL=https://office.example/path?page=2")],
  ["the path of a secret's file", "envs", append("DB_PASSWORD_FILE=/run/secrets/db")],
  ["a digest in a variable", "envs", append(`BUILD=sha256:${"ab12".repeat(16)}`)],
  ["a UUID in a variable", "envs", append("INSTANCE_ID=6fa459ea-ee8a-3ca4-894e-db77e160355e")],
  ["a commit in a variable", "envs", append("REVISION=9fceb02d0ae598e95dc970b74767f19372d61af8")],
  ["a number of tokens", "envs", append("MAX_TOKENS=4096")],
  ["a feature named after keys", "envs", append("KEYBOARD_LAYOUT=de", "TOKENIZER=cl100k_base")],
  ["an empty password variable", "envs", append("OPTIONAL_PASSWORD=")],
  ["an HTTP proxy", "envs", append("HTTP_PROXY=http://egress-proxy:3128")],
  ["a variable named like a host", "envs", append("DOCKER_HOST_NAME=office")],
  ["one label more", "labels", append({ label: "org.opencontainers.image.title", value: "service" })],
  ["a label with a text", "labels", append({ label: "team", value: "platform, on call" })],
  ["less CPU", "cpuQuota", (now) => Number(now) / 2],
  ["CPU shares on top", "cpuShares", set(512)],
  ["cores of its own on top", "cpuSet", set("0")],
  ["a smaller log", "logOpts", merge({ "max-size": "5m" })],
  ["fewer log files", "logOpts", merge({ "max-file": "2" })],
  ["compressed logs", "logOpts", merge({ compress: "true" })],
  ["a slower health check", "healthcheck", merge({ interval: "60s" })],
  ["more retries", "healthcheck", merge({ retries: 20 })],
  ["a longer start", "healthcheck", merge({ startPeriod: "300s" })],
  ["another health command", "healthcheck", merge({ tests: ["CMD", "true"] })],
  ["a health command by shell", "healthcheck", merge({ tests: ["CMD-SHELL", "test -e /tmp/ready"] })],
  ["a limit of open files", "ulimits", append({ name: "nofile", soft: 1024, hard: 4096 })],
  ["no core files", "ulimits", append({ name: "core", soft: 0, hard: 0 })],
  ["no IPC at all", "ipcMode", set("none")],
  ["restarted on failure, three times", "restart", set("no")],
  ["another capability dropped as well", "capabilities", set({ drops: ["ALL", "NET_RAW"] })],
  ["drops in small letters", "capabilities", set({ drops: ["all"] })],
  ["drops with the prefix", "capabilities", set({ drops: ["CAP_ALL"] })],
  ["no added capability, in so many words", "capabilities", merge({ adds: [] })],
  ["AppArmor's default in so many words", "securityOpts", append("apparmor=docker-default")],
  ["an SELinux type", "securityOpts", append("label=type:container_t")],
  ["no new privileges, twice", "securityOpts", append("no-new-privileges=true")],
  ["a profile that allows little", "securityOpts", append('seccomp={"defaultAction":"SCMP_ACT_ERRNO","syscalls":[]}')],
  [
    "a volume that is only read",
    "mounts",
    append({ type: "volume", source: "office-more", target: "/m", readOnly: true }),
  ],
  [
    "the time zone",
    "mounts",
    append({ type: "bind", source: "/etc/localtime", target: "/etc/localtime", readOnly: true }),
  ],
  [
    "the certificates",
    "mounts",
    append({ type: "bind", source: "/etc/ssl/certs", target: "/etc/ssl/certs", readOnly: true }),
  ],
  ["one more tmpfs", "tmpfs", merge({ "/cache": "rw,noexec,nosuid,nodev,size=16m" })],
  ["a tmpfs with its options in another order", "tmpfs", merge({ "/cache": "size=16m,nodev,nosuid,noexec,rw" })],
  ["a tmpfs that is only read", "tmpfs", merge({ "/empty": "ro,noexec,nosuid,nodev,size=1m" })],
  ["no port", "ports", set([])],
  ["a page on the loopback", "ports", append({ internal: 8080, external: 18080, ip: "127.0.0.1" })],
  ["a page on the loopback, IPv6", "ports", append({ internal: 8080, external: 18081, ip: "::1" })],
  [
    "a UDP port on the loopback",
    "ports",
    append({ internal: 5353, external: 15353, ip: "127.0.0.1", protocol: "udp" }),
  ],
  ["no device, in so many words", "devices", set([])],
  ["no group, in so many words", "groupAdds", set([])],
  ["a group of its own", "groupAdds", set(["20500"])],
  ["a harmless sysctl", "sysctls", set({ "net.ipv4.ip_unprivileged_port_start": "0" })],
  ["keep-alive", "sysctls", set({ "net.ipv4.tcp_keepalive_time": "60" })],
  ["not privileged, as text", "privileged", set("false")],
  ["read-only, as text", "readOnly", set("true")],
  ["a working directory", "workingDir", set("/tmp")],
  ["another DNS server", "dns", set(["149.112.112.112"])],
  ["a DNS option", "dnsOpts", set(["ndots:1"])],
  ["a DNS search domain", "dnsSearches", set(["office.example"])],
  ["a small shared memory", "shmSize", set(64)],
  ["no terminal, in so many words", "tty", set(false)],
  ["no open input, in so many words", "stdinOpen", set(false)],
  ["started, in so many words", "start", set(true)],
  ["kept, in so many words", "rm", set(false)],
];

/** A service that has no waivers, and one that runs a model's code. */
const AGENT = "openclaw-sandbox-container";
const SUBJECTS = ["searxng-container", AGENT] as const;
/** What a service may have, and an agent without a network may not. */
const NOT_FOR_AGENTS = /^(a page|a UDP port|an HTTP proxy)/;

const ofContainers = containerChanges.flatMap(([title, property, value]) =>
  SUBJECTS.filter((subject) => subject !== AGENT || !NOT_FOR_AGENTS.test(title)).map((subject): Harmless => ({
    title: `${subject}: ${title}`,
    change: (graph) => changed(graph, subject, property, value),
  })),
);

const ofOthers: readonly Harmless[] = [
  { title: "another order of resources of one kind", change: reversedWithin(CONTAINER) },
  { title: "another order of networks", change: reversedWithin(NETWORK) },
  { title: "another order of volumes", change: reversedWithin(VOLUME) },
  ...[NETWORK, VOLUME].map((type) => ({
    title: `${type}: one label more`,
    change: everyOf(type, "labels", append({ label: "team", value: "platform" })),
  })),
  {
    title: "networks with a longer name of their bridge",
    change: everyOf(NETWORK, "options", merge({ "com.docker.network.driver.mtu": "1400" })),
  },
  {
    title: "volumes in memory",
    change: everyOf(VOLUME, "driverOpts", set({ type: "tmpfs", device: "tmpfs", o: "mode=0700,nosuid,nodev" })),
  },
  { title: "volumes by the local driver, in so many words", change: everyOf(VOLUME, "driver", set("local")) },
  { title: "longer passwords", change: everyOf("random:index/randomPassword:RandomPassword", "length", set(64)) },
  {
    title: "a volume that nobody uses",
    change: added({ type: VOLUME, name: "more", properties: { name: "office-more" } }),
  },
  {
    title: "a network that nobody is on",
    change: added({
      type: NETWORK,
      name: "more",
      properties: { name: "office-more", internal: true, driver: "bridge" },
    }),
  },
  {
    title: "a resource of a provider that the pack does not know",
    change: added({ type: "aws:s3/bucketV2:BucketV2", name: "bucket", properties: { bucket: "office-logs" } }),
  },
];

export const harmless: readonly Harmless[] = [
  // A change that comes to nothing is none.
  ...ofContainers.filter(({ title }) => !/: (less memory|AppArmor's)/.test(title)),
  ...ofOthers,
];

function changed(graph: Graph, name: string, property: string, value: (now: unknown) => unknown): Graph {
  return graph.map((resource) =>
    resource.name === name
      ? { ...resource, properties: { ...resource.properties, [property]: value(resource.properties[property]) } }
      : resource,
  );
}

function everyOf(type: string, property: string, value: (now: unknown) => unknown) {
  return (graph: Graph): Graph =>
    graph
      .filter((resource) => resource.type === type)
      .reduce((before, { name }) => changed(before, name, property, value), graph);
}

function reversedWithin(type: string) {
  return (graph: Graph): Graph => {
    const reversed = graph.filter((resource) => resource.type === type).reverse();
    return graph.map((resource) => (resource.type === type ? (reversed.shift() ?? resource) : resource));
  };
}

function added(resource: ExampleResource) {
  return (graph: Graph): Graph => [...graph, resource];
}
