import { read } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    read(
      "the entrypoint reads opensearch_dashboards.yml where the image has none; without it the page would be on 443 and ask localhost",
      "wazuh/wazuh-docker and wazuh-packages of 4.14.3",
    ),
  ],
  open: ["Does not start: it waits for a configuration of ours."],
};
