import { shell } from "../container/health.ts";
import { waive } from "../container/waiver.ts";
import { evidence } from "./wazuh-manager.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

const STATUS = "/var/ossec/bin/wazuh-control status | grep -q 'wazuh-analysisd is running'";
const API = "curl -sk -o /dev/null -w '%{http_code}' https://localhost:55000/ | grep -q 401";

/**
 * Collects what the agents see. Its supervisor is PID 1, starts as root and drops privileges itself. Without a
 * configuration of ours its filebeat knows neither user nor authority of the indexer.
 */
export const wazuhManager = service("wazuh-manager", {
  purpose: "Wazuh manager: takes events from agents",
  number: 15,
  image: "wazuh-manager",
  evidence,
  unready: "has no configuration of ours yet: no alert is stored, and its API has the published passwords",
  user: { uid: 0, gid: 0 },
  memory: 3072,
  memoryFloor: 64,
  cpus: 2,
  pids: 512,
  hostname: "wazuh.manager",
  aliases: ["wazuh.manager"],
  init: false,
  writable: {
    "/tmp": tmpfs(128, "1777"),
    "/var/ossec/api/configuration": volume("wazuh-manager-api"),
    "/var/ossec/etc": volume("wazuh-manager-etc"),
    "/var/ossec/logs": volume("wazuh-manager-logs"),
    "/var/ossec/queue": volume("wazuh-manager-queue"),
    "/var/ossec/var/multigroups": volume("wazuh-manager-multigroups"),
    "/var/ossec/integrations": volume("wazuh-manager-integrations"),
    "/var/ossec/active-response/bin": volume("wazuh-manager-active-response"),
    "/var/ossec/agentless": volume("wazuh-manager-agentless"),
    "/var/ossec/wodles": volume("wazuh-manager-wodles"),
    "/etc/filebeat": volume("wazuh-manager-filebeat-etc"),
    "/var/lib/filebeat": volume("wazuh-manager-filebeat"),
  },
  // The status waits for the lock that a start holds, which takes longer than the usual 4 seconds.
  health: shell(`${STATUS} && ${API}`, { interval: 20, timeout: 10, startPeriod: 90 }),
  listens: [1514, 1515, 55000],
  ulimits: { nofile: [655_360, 655_360] },
  stopSeconds: 60,
  startSeconds: 300,
  waivers: [
    waive("container.user", {
      reason: "its supervisor starts as root and runs the daemons as wazuh itself",
      owner: "security",
      expires: "2027-03-31",
    }),
    waive("container.capabilities", {
      add: [
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "SETUID",
        "SETGID",
        "SYS_CHROOT",
        "KILL",
        "NET_BIND_SERVICE",
        "AUDIT_WRITE",
      ],
      reason:
        "its supervisor changes owners and drops privileges itself; the list was read in others' deployments and run by nobody here",
      owner: "security",
      expires: "2027-03-31",
    }),
    waive("container.read-only-root", {
      reason: "writes its configuration and run files under /var/ossec at every start",
      owner: "security",
      expires: "2027-03-31",
    }),
    waive("network.egress", {
      reason:
        "its feed downloader takes no proxy setting that is known to work (wazuh-documentation#9987); only port 443, beside the published ports for agents",
      owner: "security",
      expires: "2027-06-30",
    }),
  ],
});
