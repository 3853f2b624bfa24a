import { inferred, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    run(
      "with the image's own opensearch.yml it answers 503, security not initialised; with plugins.security.allow_default_init_securityindex it answers 401 after 65 s",
      "OpenSearch 2.19.6",
    ),
    run("a /tmp without programs switches its own system call filter off", "OpenSearch 2.19.6"),
    run(
      "admin with the password admin gets in, and so does the certificate that the public image contains",
      "OpenSearch 2.19.6 with the image's files",
    ),
    inferred(
      "OPENSEARCH_TMPDIR in its data directory brings the filter back",
      "the scripts of OpenSearch take it; the Wazuh package was not run",
    ),
  ],
  open: [
    "Never becomes healthy: it waits for a configuration of ours.",
    "Published passwords and a published administrator's key.",
  ],
};
