import { read, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    run(
      "the filter: four paths answer, archive, logs, attach, images, .., %2f, // and POST get 403",
      "HAProxy 2.6 of Debian 12, in front of Docker 20.10",
    ),
    read(
      "the image is HAProxy with a configuration of its own, which ours replaces",
      "Tecnativa/docker-socket-proxy 0.4.2",
    ),
  ],
  open: ["Nobody asks it, and it is on no network: the gateway has no Docker client."],
};
