import { dockerApiFilter } from "../config/haproxy.ts";
import { wget } from "../container/health.ts";
import { waive } from "../container/waiver.ts";
import { evidence } from "./docker-socket-proxy.evidence.ts";
import { service, tmpfs } from "./service.ts";

/**
 * The gateway's only way to the Docker API: reads containers, changes nothing. Nobody asks it today: the gateway's image
 * has no Docker client.
 */
export const dockerSocketProxy = service("docker-socket-proxy", {
  purpose: "Filter in front of the Docker API, read-only",
  number: 19,
  image: "docker-socket-proxy",
  evidence,
  user: { uid: 0, gid: 0 },
  memory: 64,
  memoryFloor: 32,
  cpus: 0.25,
  pids: 64,
  command: ["haproxy", "-f", "/etc/docker-socket-proxy/haproxy.cfg"],
  files: () => ({ "/etc/docker-socket-proxy/haproxy.cfg": dockerApiFilter() }),
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
      reason:
        "filtering the Docker API is what it is for; nobody asks it today, and the gateway never sees the socket itself",
      owner: "security",
      expires: "2027-03-31",
    }),
  ],
});
