import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import type { WazuhAgentSpec } from "../host-spec.ts";

const CONFIGURATION = "/etc/garrison/ossec.conf";

/** The agent's own directory is its group's to write, so root puts nothing there: it sees the file in its place. */
const DROP_IN = `# Made by Garrison; a change by hand does not stay.
[Service]
BindReadOnlyPaths=${CONFIGURATION}:/var/ossec/etc/ossec.conf
`;

/** What the agent watches and whom it tells. Its key it gets itself when it enrols. */
export function wazuhAgent({ manager, port = 1514, group }: WazuhAgentSpec): BundleEntry[] {
  const text = `<ossec_config>
  <client>
    <server>
      <address>${manager}</address>
      <port>${String(port)}</port>
      <protocol>tcp</protocol>
    </server>
    <enrollment>
      <enabled>yes</enabled>
      <groups>${group}</groups>
    </enrollment>
  </client>
  <syscheck>
    <frequency>43200</frequency>
    <directories realtime="yes">/etc/garrison,/etc/ssh,/etc/sudoers.d,/etc/systemd/system,/etc/docker</directories>
  </syscheck>
  <localfile>
    <log_format>syslog</log_format>
    <location>/var/log/fail2ban.log</location>
  </localfile>
  <localfile>
    <log_format>audit</log_format>
    <location>/var/log/audit/audit.log</location>
  </localfile>
  <localfile>
    <log_format>journald</log_format>
    <location>journald</location>
  </localfile>
</ossec_config>
`;
  const actions = ["4:try-restart:wazuh-agent.service"] as const;
  return [
    entry(CONFIGURATION, text, { mode: "640", owner: "root:wazuh", actions }),
    entry("/etc/systemd/system/wazuh-agent.service.d/garrison.conf", DROP_IN, { actions }),
  ];
}
