import { inferred, read } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const VERSION = "firecrawl/firecrawl v2.0.0";
const LAB = "a stand-in that listens on the port and answers the health check";
const NO_IMAGE =
  "Nobody publishes an image of v2.0.0, and no recipe builds its sources yet: outside a lab it is switched off.";

export const evidence: Evidence = {
  lab: LAB,
  claims: [
    read(
      "Node is in the image, curl and wget are not; what it starts as API and as worker",
      `${VERSION}, apps/api/Dockerfile and docker-entrypoint.sh`,
    ),
    read(
      "/test of the API and /liveness of a worker ask for no key",
      `${VERSION}, apps/api/src/index.ts and services/queue-worker.ts`,
    ),
    read(
      "behind a proxy its own fetching hangs up on every answer, because the proxy's address is private; the browser is asked by another client",
      `${VERSION}, engines/utils/safeFetch.ts and engines/playwright; firecrawl#4349`,
    ),
    read("the names of its variables", `${VERSION}, docker-compose.yaml and apps/api/src`),
    inferred("runs as a user of ours", "it writes to the temporary directory alone"),
  ],
  open: [
    NO_IMAGE,
    "What is no page, such as a PDF, and the rules of a site for robots are fetched by API and worker themselves: they reach none.",
  ],
};

export const browserEvidence: Evidence = {
  lab: LAB,
  claims: [
    read(
      "it starts dist/api.js in /usr/src/app; its browsers are below /tmp, where this declaration has memory: an image of our own has them elsewhere",
      `${VERSION}, apps/playwright-service-ts/Dockerfile`,
    ),
    read(
      "PROXY_SERVER is the way of every page; /health opens a page",
      `${VERSION}, apps/playwright-service-ts/api.ts`,
    ),
  ],
  open: [NO_IMAGE, "Chromium runs there without its own sandbox, under the host's kernel."],
};
