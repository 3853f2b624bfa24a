import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";

/**
 * The clock: certificates, one-time passwords and logs depend on it. Serves nobody else.
 *
 * @param clock whether this machine has one that it may set
 */
export function chrony(servers: readonly string[], clock: boolean): BundleEntry[] {
  const text = `# Made by Garrison; a change by hand does not stay.
${[...servers]
  .sort()
  .map((server) => `server ${server} iburst`)
  .join("\n")}
driftfile /var/lib/chrony/chrony.drift
ntsdumpdir /var/lib/chrony
logdir /var/log/chrony
# A jump at the start only; later the clock is slowed down or sped up, so that timers see no time twice.
makestep 1 3
rtcsync
# Answers no one, and takes commands from this machine's root only.
port 0
cmdport 0
`;
  const rest = { actions: ["4:restart:chrony.service"] } as const;
  return [
    entry("/etc/chrony/chrony.conf", text, { check: "chrony", ...rest }),
    // Debian's own value, and `-x` where the clock is only watched.
    entry("/etc/default/chrony", `DAEMON_OPTS="-F 1${clock ? "" : " -x"}"\n`, rest),
  ];
}
