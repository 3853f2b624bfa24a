import { tmpfs } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { HEALTH_TARGET, squidConf } from "./config.ts";
import { evidence } from "./evidence.ts";

const HEALTH = [
  "exec 3<>/dev/tcp/127.0.0.1/3128",
  `printf 'CONNECT %s:443 HTTP/1.1\\r\\nHost: %s\\r\\n\\r\\n' ${HEALTH_TARGET} ${HEALTH_TARGET} >&3`,
  "read -r -t 5 -u 3 line",
  "[[ $line == HTTP/* ]]",
].join(" && ");

/**
 * Forward proxy with an allow-list by client: the way out for everything that has no way of its own.
 *
 * @example
 * ```ts
 * const out = egressProxy("out");
 * const search = searxng("search", { cache, out, engines: ["en.wikipedia.org"] });
 * ```
 */
export function egressProxy(name: string): Endpoint<"forward-proxy"> {
  return define(name, {
    uses: {},
    serves: { speaks: "forward-proxy", port: 3128 },
    places: [
      { place: "internet", ports: 443, why: "the proxy is the way out, for HTTPS" },
      { place: "resolver", ports: [53, "53/udp"], why: "the proxy looks its clients' names up" },
    ],
    facts: () => ({
      purpose: "Forward proxy with an allow-list by client",
      image: "egress-proxy",
      evidence,
      memory: 128,
      memoryFloor: 32,
      cpus: 0.5,
      pids: 64,
      command: ["sh", "/usr/local/lib/egress-proxy/serve.sh"],
      writable: { "/tmp": tmpfs(32), "/run": tmpfs(8), "/var/spool/squid": tmpfs(32) },
      health: exec(["bash", "-c", HEALTH]),
      listens: [3128],
      proxy: true,
      declares: { role: "egress-proxy" },
      waivers: [
        waive("network.egress", {
          reason: "it is the way out for all others; its list by client says who may ask for what",
          owner: "network",
          expires: "2027-09-30",
        }),
      ],
    }),
    files: (self) => ({ "/etc/egress-proxy/squid.conf": squidConf(self) }),
  });
}
