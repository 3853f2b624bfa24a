import ipaddr from "ipaddr.js";

/** Below it a port belongs to the host's own services. */
export const FIRST_UNPRIVILEGED = 1024;

/** On which servers for shells listen. */
export const SHELL_PORTS: ReadonlySet<number> = new Set([22, 23, 2222]);

/** On which the Docker daemon listens. */
export const DAEMON_PORTS: ReadonlySet<number> = new Set([2375, 2376]);

/** Whether a port that is published on this address is open on every interface of the host. */
export function isEveryAddress(ip: string): boolean {
  const text = ip.trim().replace(/^\[(.*)\]$/, "$1");
  if (text === "" || text === "*") return true;
  if (!ipaddr.isValid(text)) return false;
  return ipaddr.process(text).range() === "unspecified";
}
