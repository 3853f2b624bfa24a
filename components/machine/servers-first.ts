import type { ServiceFiles } from "../files/plan-files.ts";
import type { Flow } from "../network/flow.ts";

/**
 * Which containers each container waits for: the servers with which it shares a secret. After a rotation they have to
 * know the new value, beside the one before, when their client comes with it.
 *
 * Two that begin connections to each other cannot both be first; there the flow that was declared first decides.
 */
export function serversFirst(
  flows: readonly Flow[],
  files: readonly ServiceFiles[],
): ReadonlyMap<string, readonly string[]> {
  const secretsOf = new Map(
    [...Map.groupBy(files, ({ service }) => service)].map(
      ([service, all]) => [service, new Set(all.flatMap(({ secrets }) => secrets))] as const,
    ),
  );
  const servers = new Map<string, string[]>();
  const waits = (who: string, forWhom: string): boolean =>
    (servers.get(who) ?? []).some((server) => server === forWhom || waits(server, forWhom));
  for (const { from, to, start } of flows) {
    if (start === "any") continue;
    const shared = [...(secretsOf.get(from) ?? [])].some((secret) => secretsOf.get(to)?.has(secret) === true);
    if (!shared || from === to || waits(from, to) || waits(to, from)) continue;
    servers.set(from, [...(servers.get(from) ?? []), to].sort());
  }
  return servers;
}
