import type { UnitWaiver } from "./bundle/host-spec.ts";
import { waiverLine, WHOLE_MACHINE_SANDBOX } from "./bundle/render/units.ts";

/** It has no view of the file system of its own: nobody else would see what it mounts. */
export const BOOT_WAIVER: UnitWaiver = {
  exposure: 50,
  reason: "mounts memory, loads rules and sets the kernel for the whole machine before Docker starts",
  owner: "security",
  expires: "2027-06-30",
};

/** Something that has to be done as root at every start of a machine, before Docker starts its containers. */
export interface BootUnit {
  /** Name of the systemd unit, without suffix: `garrison-<estate>-files`. */
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** What it does: POSIX shell that can run at any time. It lies on the disk, so it holds nothing secret. */
  readonly script: string;
}

/** Words for `boot_unit` of boot-unit.sh, which installs the unit or takes it away again. */
export function bootUnit(unit: BootUnit): [name: string, file: string, script: string] {
  return [unit.name, unitFile(unit), unit.script.trimEnd()];
}

/**
 * Docker requires the unit: where it fails, no container starts. It does not remain active, so every start of the daemon
 * runs it, and stopping it can stop nothing.
 */
export function unitFile({ name, description }: BootUnit): string {
  return `${waiverLine(BOOT_WAIVER)}[Unit]
Description=${description}
Before=docker.service

[Service]
Type=oneshot
UMask=0077
ExecStart=/bin/sh /usr/local/lib/garrison/${name}
${WHOLE_MACHINE_SANDBOX}
RestrictSUIDSGID=yes
SystemCallFilter=@system-service @mount @module
CapabilityBoundingSet=CAP_SYS_ADMIN CAP_NET_ADMIN CAP_SYS_MODULE CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER

[Install]
RequiredBy=docker.service`;
}
