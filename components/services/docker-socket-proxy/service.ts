import { tmpfs } from "#components/container/facts.ts";
import { wget } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { dockerApiFilter } from "./config.ts";
import { evidence } from "./evidence.ts";

/**
 * A way to the Docker API for one who may look: reads containers, changes nothing. Nobody asks it today.
 *
 * @example
 * ```ts
 * const filter = dockerSocketProxy("docker-filter");
 * ```
 */
export function dockerSocketProxy(name: string): Endpoint<"docker-api"> {
  return define(name, {
    uses: {},
    serves: { speaks: "docker-api", port: 2375 },
    facts: () => ({
      purpose: "Filter in front of the Docker API, read-only",
      image: "docker-socket-proxy",
      evidence,
      user: { uid: 0, gid: 0 },
      memory: 64,
      memoryFloor: 32,
      cpus: 0.25,
      pids: 64,
      command: ["haproxy", "-f", "/etc/docker-socket-proxy/haproxy.cfg"],
      writable: { "/run": tmpfs(8), "/tmp": tmpfs(8) },
      mounts: { "/var/run/docker.sock": "/var/run/docker.sock" },
      health: wget(2375, "/_ping"),
      listens: [2375],
      declares: { role: "docker-api-proxy" },
      waivers: [
        waive("container.user", {
          reason: "the socket belongs to root and no capability is kept, so only its owner can open it",
          owner: "security",
          expires: "2027-03-31",
        }),
        waive("container.sensitive-mounts", {
          reason: "filtering the Docker API is what it is for; nobody asks it today, and it is on no network",
          owner: "security",
          expires: "2027-03-31",
        }),
      ],
    }),
    files: () => ({ "/etc/docker-socket-proxy/haproxy.cfg": dockerApiFilter() }),
  });
}
