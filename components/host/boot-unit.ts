import type { UnitWaiver } from "./bundle/host-spec.ts";
import { waiverLine, WHOLE_MACHINE_SANDBOX } from "./bundle/render/units.ts";
import { shellQuote } from "./shell.ts";

/** It has no view of the file system of its own: nobody else would see what it mounts. */
export const BOOT_WAIVER: UnitWaiver = {
  exposure: 50,
  reason: "mounts memory, loads rules and sets the kernel for the whole machine before Docker starts",
  owner: "security",
  expires: "2027-06-30",
};

/** Something that has to be done as root at every start of a machine, before Docker starts its containers. */
export interface BootUnit {
  /** Name of the systemd unit, without suffix: `garrison-office-files`. */
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** What it does: POSIX shell that can run at any time. It lies on the disk, so it holds nothing secret. */
  readonly script: string;
}

const INSTALL = `boot_file() {
  [ -f "$1" ] && printf '%s\\n' "$3" | cmp -s - "$1" && return 0
  mkdir -p "$(dirname "$1")"
  printf '%s\\n' "$3" >"$1.new"
  chmod "$2" "$1.new"
  mv -f "$1.new" "$1"
  boot_changed=yes
}
boot_unit() {
  [ -d /run/systemd/system ] || return 0
  boot_changed=no
  if [ "$mode" = remove ]; then
    [ -e "/etc/systemd/system/$1.service" ] || return 0
    systemctl --quiet disable "$1.service"
    rm -f "/etc/systemd/system/$1.service" "/usr/local/lib/garrison/$1"
    systemctl daemon-reload
    return 0
  fi
  boot_file "/usr/local/lib/garrison/$1" 0700 "$3"
  boot_file "/etc/systemd/system/$1.service" 0644 "$2"
  [ "$boot_changed" = no ] || systemctl daemon-reload
  systemctl --quiet is-enabled "$1.service" || systemctl --quiet enable "$1.service"
}
`;

/**
 * Shell that installs the unit and enables it, or takes it away again, as `$mode` (`apply` or `remove`) says. Part of a
 * host script, which does by itself what the unit will do at the next start: the unit is not started here. On a machine
 * without systemd it does nothing.
 */
export function bootUnit(unit: BootUnit): string {
  return `${INSTALL}boot_unit ${[unit.name, unitFile(unit), unit.script.trimEnd()].map(shellQuote).join(" ")}\n`;
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
