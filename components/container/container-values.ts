import { isIP, isIPv4 } from "node:net";
import { posix } from "node:path";
import { dangerOf } from "#containment/host-path.ts";
import { flawOfHost } from "#containment/name-owners.ts";
import type { Problem } from "../lib/problems.ts";
import { isChecked } from "./health.ts";
import { isPinned } from "./image-lock.ts";
import { optionValueProblems } from "./option-values.ts";
import type { JoinedContainer } from "./posture.ts";
import { published, portsOf } from "./published-ports.ts";
import { isWhole, shown } from "./report.ts";
import type { Report } from "./report.ts";

/** Docker's own least, in MiB. */
const LEAST_MEMORY = 6;
/**
 * 16 TiB. The provider multiplies MiB by 1024² in 64 bits without a look (kreuzwerker's terraform-provider-docker,
 * resource_docker_container_funcs.go), which from 2^43 MiB on is another limit, or none.
 */
const MOST_MEMORY = 2 ** 24;
/** As many as Linux can be built for (`NR_CPUS`). */
const MOST_CPUS = 8192;
/** Docker's least quota is a millisecond of every tenth of a second. */
const LEAST_CPUS = 0.01;
/** The kernel's `PID_MAX_LIMIT`. */
const MOST_PIDS = 2 ** 22;
const MOST_ID = 2 ** 31 - 1;

/** Somebody on a network of the container's. */
const NEIGHBOUR = "10.0.0.1";

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const HOST_NAME = /^[a-z0-9]([a-z0-9_.-]{0,61}[a-z0-9])?$/i;
const REPOSITORY =
  /^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(\.[a-zA-Z0-9-]+)*(:\d{1,5})?\/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?@/;
/** As setrlimit(2) names them, which Docker takes. */
const ULIMITS = new Set(
  "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(" "),
);

/** Values that the daemon or the kernel would refuse once the first resources are made. */
export function valueProblems(name: string, container: JoinedContainer): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (field, found, expected) => {
    problems.push({ property: `${name}.${field}`, found, expected });
  };
  limits(container, report);
  names(container, report);
  addresses(container, report);
  storage(container, report);
  health(container, report);
  optionValueProblems(container, report);
  return problems;
}

function limits(
  { memory, cpus, pids, user, ulimits = {}, stopSeconds, startSeconds }: JoinedContainer,
  report: Report,
) {
  if (!isWhole(memory, LEAST_MEMORY, MOST_MEMORY)) report("memory", String(memory), memoryExpected(memory));
  if (!(cpus >= LEAST_CPUS && cpus <= MOST_CPUS)) report("cpus", String(cpus), cpusExpected(cpus));
  if (!isWhole(pids, 1, MOST_PIDS)) report("pids", String(pids), `a whole number from 1 to ${String(MOST_PIDS)}`);
  for (const field of ["uid", "gid"] as const)
    if (!isWhole(user[field], 0, MOST_ID)) report(`user.${field}`, shown(user[field]), `0 to ${String(MOST_ID)}`);
  for (const [limit, pair] of Object.entries(ulimits)) {
    const [soft, hard] = pair;
    if (!ULIMITS.has(limit)) report(`ulimits.${limit}`, "an unknown limit", `one of ${[...ULIMITS].join(", ")}`);
    const whole = [soft, hard].every((value) => isWhole(value, -1, Number.MAX_SAFE_INTEGER));
    if (!whole || (hard !== -1 && (soft > hard || soft === -1)))
      report(`ulimits.${limit}`, shown(pair), "[soft, hard], whole numbers, the soft one not above the hard one");
  }
  if (stopSeconds !== undefined && !isWhole(stopSeconds, 0, 86_400))
    report("stopSeconds", shown(stopSeconds), "a whole number from 0 to 86400");
  if (startSeconds !== undefined && !isWhole(startSeconds, 1, 86_400))
    report("startSeconds", shown(startSeconds), "a whole number from 1 to 86400");
}

function memoryExpected(memory: number): string {
  const [bound, limit] = memory > MOST_MEMORY ? ["most", MOST_MEMORY] : ["least", LEAST_MEMORY];
  return `a whole number of MiB, at ${bound} ${String(limit)}`;
}

function cpusExpected(cpus: number): string {
  const [bound, limit] = cpus > MOST_CPUS ? ["most", MOST_CPUS] : ["least", LEAST_CPUS];
  return `at ${bound} ${String(limit)} CPUs`;
}

function names(
  { containerName, image, hostname, aliases = [], environment = {}, cgroupParent, agent }: JoinedContainer,
  report: Report,
) {
  if (!NAME.test(containerName))
    report("containerName", shown(containerName), "two letters or digits or more, and _ . - after the first");
  if (!isPinned(image)) report("image", image, "repository@sha256:<64 hex digits>, or the id sha256:<64 hex digits>");
  else if (image.includes("@") && !REPOSITORY.test(image)) report("image", image, "a repository in small letters");
  if (hostname !== undefined && !HOST_NAME.test(hostname))
    report("hostname", shown(hostname), "a host name, at most 63");
  for (const alias of aliases) if (!HOST_NAME.test(alias)) report("aliases", shown(alias), "a host name, at most 63");
  // Docker answers with the container's address to whoever shares a network with it.
  for (const [field, names] of Object.entries({ containerName: [containerName], hostname: [hostname ?? ""], aliases }))
    for (const flaw of names.flatMap((known) => flawOfHost(known, NEIGHBOUR) ?? []))
      report(field, flaw, "another name");
  for (const [key, value] of Object.entries(environment)) {
    if (key === "" || /[=\0\n]/.test(key)) report("environment", shown(key), "a name without =");
    if (value.includes("\0")) report(`environment.${key}`, shown(value), "text");
  }
  if (cgroupParent !== undefined && !/^\/[\w./-]+$|^[\w.-]+\.slice$/.test(cgroupParent))
    report("cgroupParent", shown(cgroupParent), "an absolute path, or a name that ends in .slice");
  if (agent === true && cgroupParent === undefined)
    report("cgroupParent", "nothing", "a cgroup that carries the PID limit");
}

function addresses(container: JoinedContainer, report: Report) {
  const { listens, networks, resolvers = [], hosts = {} } = container;
  for (const port of listens) if (!isWhole(port, 1, 65_535)) report("listens", shown(port), "a port, 1 to 65535");
  publishedPorts(container, report);
  for (const [index, { name, address }] of networks.entries()) {
    const flaw = typeof name === "string" ? networkFlaw(name) : undefined;
    if (flaw !== undefined) report(`networks.${String(index)}.name`, flaw, "a network of its own");
    if (address !== undefined && !isIPv4(address))
      report(`networks.${String(index)}.address`, shown(address), "an IPv4 address");
  }
  if (networks.length === 0 && Object.keys(hosts).length > 0)
    report("hosts", shown(hosts), "none, without a network on which to reach them");
  for (const resolver of resolvers) if (isIP(resolver) === 0) report("resolvers", shown(resolver), "an IP address");
  for (const [host, address] of Object.entries(hosts)) {
    if (!HOST_NAME.test(host)) report("hosts", shown(host), "a host name, at most 63");
    if (isIP(address) === 0 && address !== "host-gateway")
      report(`hosts.${host}`, shown(address), "an IP address, or host-gateway");
  }
}

/** What a network's name gives a container instead of a network of its own; undefined where it is one. */
export function networkFlaw(name: string): string | undefined {
  const known = name.trim().toLowerCase();
  return ["", "bridge", "default", "docker_gwbridge", "host", "ingress", "none"].includes(known) ||
    known.startsWith("container:")
    ? `${JSON.stringify(name)}, a mode of Docker's`
    : undefined;
}

function publishedPorts({ publishes = [], publishAddress, networks }: JoinedContainer, report: Report) {
  if (publishAddress !== undefined && !isIPv4(publishAddress))
    report("publishAddress", shown(publishAddress), "an IPv4 address of the machine");
  if (publishes.length > 0 && networks.length === 0) report("publishes", shown(publishes), "none without a network");
  const taken = new Set<string>();
  for (const entry of publishes) {
    const { internal, external = internal, protocol = "tcp", ip = publishAddress } = published(entry);
    const [inside, outside] = [portsOf(internal), portsOf(external)];
    if (inside.length === 0 || inside.length !== outside.length)
      report("publishes", shown(entry), 'a port, 1 to 65535, or ranges such as "4000-4010" that are as long');
    if (ip === undefined) report("publishAddress", "nothing", "the address to publish on");
    else if (ip !== publishAddress && isIP(ip) === 0) report("publishes", shown(ip), "an IP address of the machine");
    for (const port of outside) {
      const place = `${String(ip)} ${String(port)}/${protocol}`;
      if (taken.has(place)) report("publishes", `${place} twice`, "one entry a port");
      taken.add(place);
    }
  }
}

function storage({ writable, mounts = {} }: JoinedContainer, report: Report) {
  const targets = [...Object.keys(writable), ...Object.keys(mounts)].map((path) => posix.resolve("/", path));
  const source = (field: string, path: string): void => {
    if (!path.startsWith("/")) report(field, shown(path), "an absolute path of the host");
    // Behind a link of the host's, such as /dev/fd, `..` leads elsewhere than the text says.
    else if (/(^|\/)\.\.(\/|$)|\p{Cc}/u.test(path) && dangerOf(path, { readOnly: false }) === undefined)
      report(field, shown(path), "a path without .., in one line");
  };
  for (const [path, mount] of Object.entries(writable)) {
    const field = `writable.${path}`;
    target(field, path, report);
    if (mount.type === "bind") source(field, mount.source);
    else if (mount.type === "volume") {
      if (!NAME.test(mount.volume)) report(field, shown(mount.volume), "the name of a volume, not a path");
    } else {
      if (!isWhole(mount.size, 1, 2 ** 24)) report(`${field}.size`, shown(mount.size), "a whole number of MiB");
      if (mount.mode !== undefined && !/^[0-7]{3,4}$/.test(mount.mode))
        report(`${field}.mode`, shown(mount.mode), "octal permissions such as 0700");
    }
  }
  for (const [path, from] of Object.entries(mounts)) {
    target(`mounts.${path}`, path, report);
    source(`mounts.${path}`, from);
  }
  for (const twice of new Set(targets.filter((path, index) => targets.indexOf(path) !== index)))
    report("mounts", `${twice} twice`, "one mount a path");
}

function target(field: string, path: string, report: Report) {
  if (!/^\/[^\0,:]*[^\0,:/][^\0,:]*$/.test(path) || posix.normalize(path) === "/")
    report(field, shown(path), "an absolute path in the container, other than /");
}

function health({ health: check }: JoinedContainer, report: Report) {
  if (!isChecked(check)) return;
  const { test, interval, timeout, retries, startPeriod } = check;
  const [kind, ...words] = test as readonly string[];
  if ((kind !== "CMD" && kind !== "CMD-SHELL") || !words.some((word) => word.trim() !== ""))
    report("health.test", shown(test), '["CMD", program, …] or ["CMD-SHELL", line]');
  for (const [field, seconds] of Object.entries({ interval, timeout, startPeriod })) {
    const least = field === "startPeriod" ? 0 : 0.001;
    if (seconds !== undefined && !(seconds >= least && seconds <= 86_400))
      report(`health.${field}`, shown(seconds), `${String(least)} to 86400 seconds`);
  }
  if (retries !== undefined && !isWhole(retries, 1, 1000)) report("health.retries", shown(retries), "1 to 1000");
}
