// The most that a program asks for with good reason: databases document half a million to a million open files.
const MOST_FILES = 1_048_576;

/** Limits that may not be lifted, and from which value on they are none. */
const CEILINGS: ReadonlyMap<string, number> = new Map([
  ["nofile", MOST_FILES],
  // A core file holds the memory of the process, secrets included.
  ["core", 0],
  ["nproc", 4_194_304],
  // A real-time process is bound by no share or quota of its control group and starves all others.
  ["rtprio", 0],
]);

/** What a resource limit's value should be instead; undefined where it is a limit. */
export function ulimitExpected(name: string, value: number): string | undefined {
  const ceiling = CEILINGS.get(name.trim().toLowerCase()) ?? Number.POSITIVE_INFINITY;
  if (value >= 0 && value <= ceiling) return undefined;
  return Number.isFinite(ceiling) ? `at most ${String(ceiling)}` : "a number";
}

/** How often a container that fails may be started again. */
export const MOST_ATTEMPTS = 5;

/** Drivers that write to the host's disk, and as much as the container says unless they are told otherwise. */
const UNBOUNDED = new Set(["json-file"]);

/** Options of a log driver: `{ "max-size": "10m", "max-file": "3" }`. */
type LogOptions = Readonly<Record<string, string | undefined>>;

/** What is wrong with a container's log. */
export function logFlaw(driver: string, options: LogOptions): "no log" | "no end" | "sent in clear" | undefined {
  const name = driver.trim().toLowerCase();
  if (name === "none") return "no log";
  if (UNBOUNDED.has(name) && !hasEnd(options)) return "no end";
  return isSentInClear(name, options) ? "sent in clear" : undefined;
}

/** In bytes: more than that is a disk. */
const LONGEST_LOG = 100 * 1024 ** 3;

/** Docker keeps one file where `max-file` is left out. */
function hasEnd({ "max-size": size = "", "max-file": files = "1" }: LogOptions): boolean {
  const [, count, unit = ""] = /^([1-9]\d*)([bkmg]?)$/i.exec(size.trim()) ?? [];
  const bytes = Number(count) * 1024 ** Math.max(0, "bkmg".indexOf(unit.toLowerCase()));
  return bytes * Math.max(1, Number(files)) <= LONGEST_LOG;
}

/** Where a driver sends the log, by its option; it is the daemon that connects, past every network of the container. */
const ADDRESSES: ReadonlyMap<string, string> = new Map([
  ["gelf", "gelf-address"],
  ["syslog", "syslog-address"],
  ["fluentd", "fluentd-address"],
]);
const HERE = /^(?:unix(?:gram)?:|(?:(?:tcp|udp):\/\/)?(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?$)/i;

/** Whether what a container prints crosses a wire for everybody to read: only `tls://` and `tcp+tls://` do not. */
function isSentInClear(driver: string, options: LogOptions): boolean {
  const address = options[ADDRESSES.get(driver) ?? ""]?.trim() ?? "";
  return address !== "" && !HERE.test(address) && !/^(?:tls|tcp\+tls):/i.test(address);
}

// Groups of the system's own, in which a container counts as the system.
const SYSTEM =
  /^(|init\.scope|system\.slice|user\.slice|machine\.slice|-\.slice|system|init)$|\.\.|^(system|user|machine)\.slice\/|^init\.scope\/|^(system|user)-[^/]*\.slice(\/|$)/i;

/** Whether a control group is one of the system's, and not a container's own. */
export function isSystemCgroup(parent: string): boolean {
  const segments = parent.trim().split("/");
  return SYSTEM.test(segments.filter((segment) => segment !== "" && segment !== ".").join("/"));
}
