/** How the daemon names cgroups. */
export type CgroupDriver = "systemd" | "cgroupfs";

/**
 * The parent cgroup that carries a container's PID limit: a slice under systemd, a path otherwise.
 * A slice's name spells its place, so its parts may hold no dash of their own.
 */
export function pidCgroup(driver: CgroupDriver, estate: string, number: number): string {
  const part = `n${String(number).padStart(2, "0")}`;
  return driver === "systemd" ? `garrison-${estate}-${part}.slice` : `/garrison-${estate}/${part}`;
}
