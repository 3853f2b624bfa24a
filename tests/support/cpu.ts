import { threadCpuUsage } from "node:process";

/** What this thread has computed so far, in milliseconds: a bound on work that others on the machine do not move. */
export function cpuMs(): number {
  const { user, system } = threadCpuUsage();
  return (user + system) / 1000;
}
