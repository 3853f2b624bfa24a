import { inferred, read } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    read(
      "which directories hold data, and that its supervisor starts as root",
      "wazuh/wazuh-docker and wazuh-packages of 4.14.3",
    ),
    read("its capabilities, in a deployment that drops all others", "mash-playbook, pull request 2540"),
    read("wazuh-control status takes the lock that a start holds", "wazuh/wazuh 4.14, wazuh-control"),
    inferred(
      "3 GiB with vulnerability detection; 1.5 GiB are doubtful",
      "the vendor asks for 4 GiB and more for a whole server",
    ),
  ],
  open: [
    "Stores no alert: its filebeat knows neither user nor authority of the indexer.",
    "The API has the published passwords wazuh and wazuh-wui; an agent enrols without a password.",
    "No machine of the estate has an agent.",
  ],
};
