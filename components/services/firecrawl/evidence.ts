import { inferred, read, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const VERSION = "firecrawl/firecrawl v2.0.0";
const LAB = "a stand-in that listens on the port and answers the health check";
const BY_HAND = "the recipe, followed by hand on Debian trixie with Node 24";

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
    run(
      "the sources of v2.0.0 build on Debian trixie; API, worker and browser start, answer their health checks, and made text of a page that a script wrote",
      BY_HAND,
    ),
    run("koffi 2.9.0 is refused by Debian trixie's C library for its executable stack, and works without one", BY_HAND),
    read("a worker takes no work above MAX_CPU and MAX_RAM of the machine", `${VERSION}, services/system-monitor.ts`),
    inferred("runs as a user of ours", "it writes to the temporary directory alone"),
  ],
  open: [
    "The recipe was not run whole: two of its inputs, firecrawl/nodesig and x402-express 0.4.3, are not to be had here; a version without the first and with 0.5.3 of the other was built.",
    "What is no page, such as a PDF, and the rules of a site for robots are fetched by API and worker themselves: they reach none.",
  ],
};

export const browserEvidence: Evidence = {
  lab: LAB,
  claims: [
    read(
      "it starts dist/api.js in /usr/src/app; its browsers are below /tmp, where this declaration has memory: our image has them elsewhere",
      `${VERSION}, apps/playwright-service-ts/Dockerfile`,
    ),
    run(
      "its Playwright 1.49.1 opens a page, scripts included, in Debian's headless Chromium 156, which ends with the first page if it has one process",
      BY_HAND,
    ),
    read(
      "PROXY_SERVER is the way of every page; /health opens a page",
      `${VERSION}, apps/playwright-service-ts/api.ts`,
    ),
  ],
  open: ["Chromium runs there without its own sandbox, under the host's kernel."],
};
