// The most that a program asks for with good reason: databases document half a million to a million open files.
const MOST_FILES = 1_048_576;

/** Limits that may not be lifted, and from which value on they are none. */
const CEILINGS: ReadonlyMap<string, number> = new Map([
  ["nofile", MOST_FILES],
  // A core file holds the memory of the process, secrets included.
  ["core", 0],
  ["nproc", 4_194_304],
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

/** What is wrong with a container's log. `end`: as `max-size` says it. */
export function logFlaw(driver: string, end: string): "no log" | "no end" | undefined {
  const name = driver.trim().toLowerCase();
  if (name === "none") return "no log";
  return UNBOUNDED.has(name) && !isEnd(end.trim()) ? "no end" : undefined;
}

/** In bytes: more than that is a disk. */
const LONGEST_LOG = 100 * 1024 ** 3;

function isEnd(size: string): boolean {
  const [, count, unit = ""] = /^([1-9]\d*)([bkmg]?)$/i.exec(size) ?? [];
  return Number(count) * 1024 ** Math.max(0, "bkmg".indexOf(unit.toLowerCase())) <= LONGEST_LOG;
}

// Groups of the system's own, in which a container counts as the system.
const SYSTEM =
  /^(|init\.scope|system\.slice|user\.slice|machine\.slice|-\.slice|system|init)$|\.\.|^(system|user|machine)\.slice\/|^init\.scope\/|^(system|user)-[^/]*\.slice(\/|$)/i;

/** Whether a control group is one of the system's, and not a container's own. */
export function isSystemCgroup(parent: string): boolean {
  const segments = parent.trim().split("/");
  return SYSTEM.test(segments.filter((segment) => segment !== "" && segment !== ".").join("/"));
}
