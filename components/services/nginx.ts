import { nginxServer } from "../config/nginx.ts";
import { wget } from "../container/health.ts";
import { evidence } from "./nginx.evidence.ts";
import { service, tmpfs } from "./service.ts";

/** The only way in from the tunnel: hands requests to the pages that people open. */
export const nginx = service("nginx", {
  purpose: "Nginx: front of the pages that people open",
  number: 13,
  image: "nginx",
  evidence,
  memory: 64,
  memoryFloor: 32,
  cpus: 0.5,
  pids: 64,
  files: (machine) => ({ "/etc/nginx/conf.d/default.conf": nginxServer(machine) }),
  writable: { "/tmp": tmpfs(32) },
  health: wget(8080, "/healthz"),
  listens: [8080],
});
