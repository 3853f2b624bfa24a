import { tmpfs, volume } from "#components/container/facts.ts";
import { shell } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { evidence } from "./evidence.ts";

const STATUS = "/var/ossec/bin/wazuh-control status | grep -q 'wazuh-analysisd is running'";
const API = "curl -sk -o /dev/null -w '%{http_code}' https://localhost:55000/ | grep -q 401";

export interface WazuhManagerWires {
  readonly indexer: Endpoint<"opensearch">;
}

/**
 * Collects what the agents see. Its supervisor is PID 1, starts as root and drops privileges itself. Without a
 * configuration of ours its filebeat knows neither user nor authority of the indexer.
 */
export function wazuhManager(name: string, { indexer }: WazuhManagerWires): Endpoint<"wazuh-api"> {
  return define(name, {
    uses: {
      indexer: {
        to: indexer,
        why: "events are stored",
        configuredBy: "the image's filebeat, which asks wazuh.indexer",
      },
    },
    serves: { speaks: "wazuh-api", port: 55000 },
    places: [
      { place: "lan", ports: [1514, 1515], why: "agents can enrol and report; none is installed yet" },
      { place: "internet", ports: 443, why: "the vulnerability feed comes down" },
      { place: "resolver", ports: [53, "53/udp"], why: "the feed's addresses change" },
    ],
    facts: (self) => ({
      purpose: "Wazuh manager: takes events from agents",
      image: "wazuh-manager",
      evidence,
      guards: "what agents report goes nowhere else",
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
        "/var/ossec/api/configuration": volume(`${self.name}-api`),
        "/var/ossec/etc": volume(`${self.name}-etc`),
        "/var/ossec/logs": volume(`${self.name}-logs`),
        "/var/ossec/queue": volume(`${self.name}-queue`),
        "/var/ossec/var/multigroups": volume(`${self.name}-multigroups`),
        "/var/ossec/integrations": volume(`${self.name}-integrations`),
        "/var/ossec/active-response/bin": volume(`${self.name}-active-response`),
        "/var/ossec/agentless": volume(`${self.name}-agentless`),
        "/var/ossec/wodles": volume(`${self.name}-wodles`),
        "/etc/filebeat": volume(`${self.name}-filebeat-etc`),
        "/var/lib/filebeat": volume(`${self.name}-filebeat`),
      },
      // The status waits for the lock that a start holds, which takes longer than the usual 4 seconds.
      health: shell(`${STATUS} && ${API}`, { interval: 10, timeout: 10, startPeriod: 90 }),
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
    }),
  });
}
