import type { UnitWaiver } from "../host-spec.ts";
import { waiverLine, WHOLE_MACHINE_SANDBOX } from "../render/units.ts";

export const RECOVERY_WAIVER: UnitWaiver = {
  exposure: 48,
  reason: "takes back files, users, kernel settings and rules of the whole machine before there is a way in",
  owner: "security",
  expires: "2027-06-30",
};

/**
 * A reboot ends the timer, so a change that was not confirmed is undone at the next start, before there is a way in. It
 * has no view of the file system of its own, because what it puts back must be everybody's.
 */
export const RECOVERY_UNIT = `${waiverLine(RECOVERY_WAIVER)}[Unit]
Description=Undo a change of this machine that was not finished or not confirmed
DefaultDependencies=no
After=local-fs.target
Before=network-pre.target ssh.service docker.service garrison-rules.service
ConditionPathExists=|/var/lib/garrison/host/live
ConditionPathExists=|/var/lib/garrison/host/waiting
ConditionPathExists=|/var/lib/garrison/host/staging

[Service]
Type=oneshot
ExecStart=/bin/sh /var/lib/garrison/host/program boot
${WHOLE_MACHINE_SANDBOX}
SystemCallFilter=@system-service
CapabilityBoundingSet=CAP_SYS_ADMIN CAP_NET_ADMIN CAP_SYS_PTRACE CAP_SYS_RESOURCE CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_AUDIT_WRITE

[Install]
WantedBy=sysinit.target`;
