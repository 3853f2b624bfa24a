import { inferred, read, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    run(
      "with HTTPS_PROXY it sends GET https://… and no CONNECT; the egress proxy answers 403",
      "axios 0.30, its HTTP client",
    ),
    read("extra/healthcheck asks its own port; a monitor has a proxy of its own", "louislam/uptime-kuma 2.1.1"),
    inferred("runs as a user of ours", "its maintainers run it as uid 1000 and write to /app/data alone"),
  ],
  open: [
    "The proxy is given to each monitor by hand; so is the administrator's account, by the first visitor.",
    "It has no way to the services of the machine and watches none of them.",
    "2.5.5, which is pinned, was neither run nor read.",
  ],
};
