/** The period that quotas are shares of, in microseconds. */
export const CPU_PERIOD = 100_000;

/** What so many CPUs are per {@link CPU_PERIOD}. */
export function cpuQuota(cpus: number): number {
  return Math.round(cpus * CPU_PERIOD);
}
