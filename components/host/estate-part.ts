import { entry } from "./bundle/bundle.ts";
import type { BundleEntry } from "./bundle/bundle.ts";
import { hostScript, PROGRAM_PATH } from "./bundle/host-script.ts";
import type { UnitWaiver } from "./bundle/host-spec.ts";
import { waiverLine, WHOLE_MACHINE_SANDBOX } from "./bundle/render/units.ts";

/** It has no view of the file system of its own: nobody else would see what it mounts. */
export const BOOT_WAIVER: UnitWaiver = {
  exposure: 50,
  reason: "mounts memory, loads rules and sets the kernel for the whole machine before Docker starts",
  owner: "security",
  expires: "2027-06-30",
};

/** What an estate has of its host, of one kind. Each is declared, and has a journal, of its own. */
export interface EstatePart {
  readonly estate: string;
  readonly part: "rules" | "files" | "cgroups";
  /** Files on the disk. @default none */
  readonly entries?: readonly BundleEntry[];
  /** What lies in the kernel, in memory and in Docker, in the words of `bundle/program/estate.sh`. @default nothing */
  readonly lines?: readonly string[];
  /**
   * What the unit is for that does it all again at every start of a machine with systemd, before Docker; one line.
   * @default a start takes nothing of it
   */
  readonly atStart?: string;
}

/** Where the journals of an estate lie on its host. */
export function journalsOf(estate: string): string {
  return `/var/lib/garrison/${estate}`;
}

/**
 * The machine's own program with a part of an estate as its bundle: with `apply` it is there and nothing else of that part
 * is, with `remove` it is gone. Whether the machine is configured by Garrison, and whether it has systemd, is all the same.
 */
export function estateScript({ estate, part, entries = [], lines = [], atStart }: EstatePart): string {
  const scope = `${estate}/${part}`;
  const unit = `garrison-${estate}-${part}.service`;
  const units =
    atStart === undefined
      ? []
      : [entry(`/etc/systemd/system/${unit}`, unitFile(scope, `${atStart} of estate ${estate}`))];
  const bundle = {
    host: `garrison-${estate}-${part}`,
    packages: [],
    users: [],
    entries: [...entries, ...units],
    enabled: units.length === 0 ? [] : [unit],
    // Nothing of an estate can lock the operator out.
    confirmSeconds: 0,
    lines,
  };
  return hostScript(bundle, scope);
}

/**
 * Docker requires the unit: where it fails, no container starts. It does not remain active, so every start of the daemon
 * runs it, and stopping it can stop nothing.
 */
export function unitFile(scope: string, description: string): string {
  return `${waiverLine(BOOT_WAIVER)}[Unit]
Description=${description}
Before=docker.service

[Service]
Type=oneshot
UMask=0077
ExecStart=/bin/sh ${PROGRAM_PATH} start ${scope}
${WHOLE_MACHINE_SANDBOX}
RestrictSUIDSGID=yes
SystemCallFilter=@system-service @mount @module
CapabilityBoundingSet=CAP_SYS_ADMIN CAP_NET_ADMIN CAP_SYS_MODULE CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER

[Install]
RequiredBy=docker.service
`;
}
