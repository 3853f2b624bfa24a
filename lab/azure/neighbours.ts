import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

// Azure judges also what machines of one subnet send each other. How that gets past our rules depends on the host.

/**
 * Whether this host's packet filter sees what only passes a bridge. Docker switches that on for the host as a whole. A
 * packet to a public address then stays on its bridge where both ends are on it, so the ports must not be apart.
 */
export async function bridgesAreFiltered(): Promise<boolean> {
  const text = await readFile("/proc/sys/net/bridge/bridge-nf-call-iptables", "utf8").catch(() => "0");
  return text.trim() === "1";
}

/** Leads what machines on a bridge send each other past the host's rules. */
export async function judgeNeighbours(bridge: string): Promise<void> {
  if (await bridgesAreFiltered()) await letTurnRound(bridge);
  const settings = {
    // Ports that are kept apart do not hear each other ask: the host answers for all of them.
    [`conf/${bridge}/proxy_arp_pvlan`]: 1,
    [`conf/${bridge}/send_redirects`]: 0,
    // At once, and not after up to a second.
    [`neigh/${bridge}/proxy_delay`]: 0,
  };
  for (const [name, value] of Object.entries(settings)) {
    await writeFile(join("/proc/sys/net/ipv4", name), String(value));
  }
}

/** A machine reaches its own public address: what comes from a port may leave by it. */
async function letTurnRound(bridge: string): Promise<void> {
  const ports = join("/sys/class/net", bridge, "brif");
  for (const port of await readdir(ports)) {
    // One that is gone by now belongs to a machine that stops.
    await writeFile(join(ports, port, "hairpin_mode"), "1").catch(() => undefined);
  }
}
