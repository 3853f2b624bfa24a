import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import type { WazuhAgentSpec } from "../host-spec.ts";

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
  return [
    entry("/var/ossec/etc/ossec.conf", text, {
      mode: "660",
      owner: "root:wazuh",
      actions: ["4:try-restart:wazuh-agent.service"],
    }),
  ];
}
