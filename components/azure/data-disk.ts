import type { HostFile, HostUnit } from "../host/bundle/host-spec.ts";

/** A disk that outlives the machine, and where the machine has it. */
export interface DataDisk {
  /** Small letters, digits and dashes. */
  readonly name: string;
  /** Number under which the machine finds it, from 0. */
  readonly lun: number;
  readonly sizeGiB: number;
  /** Absolute path. */
  readonly mount: string;
}

const PROGRAM = "/usr/local/lib/garrison/data-disk";

/**
 * Finds the disk under its number, makes a file system on one that has nothing, and has systemd mount it. A disk with
 * something on it, partitions too, is never formatted: blkid says 2 where it finds nothing at all. The first two places
 * are Azure's, by the generation of its tools; a system container has no disks of its own and is given file systems.
 */
const SCRIPT = `#!/bin/sh
set -eu
lun=$1 point=$2
for place in "/dev/disk/azure/data/by-lun/$lun" "/dev/disk/azure/scsi1/lun$lun" "/mnt/lun$lun"; do
  [ -e "$place" ] || continue
  type=none options=bind
  if [ -b "$place" ]; then
    found=0
    blkid -p "$place" >/dev/null || found=$?
    case $found in
      0) ;;
      2) mkfs.ext4 -q -L "data$lun" "$place" ;;
      *) echo "garrison: what is on data disk $lun is not clear to blkid ($found); it is left as it is" >&2; exit 1 ;;
    esac
    type=auto options=noatime,nosuid,nodev
  fi
  unit=$(systemd-escape --path --suffix=mount "$point")
  printf '[Mount]\\nWhat=%s\\nWhere=%s\\nType=%s\\nOptions=%s\\n' "$place" "$point" "$type" "$options" >"/run/systemd/system/$unit"
  systemctl daemon-reload
  exec systemctl start "$unit"
done
echo "garrison: no data disk $lun on this machine" >&2
exit 1
`;

/** What a machine needs to have its data disks mounted at every start, before Docker. */
export function dataDiskParts(disks: readonly DataDisk[]): { files: HostFile[]; units: HostUnit[] } {
  if (disks.length === 0) return { files: [], units: [] };
  return {
    files: [{ path: PROGRAM, content: SCRIPT, mode: "0755", check: "sh" }],
    units: disks.map(({ lun, mount }) => ({
      name: `garrison-data-${String(lun)}.service`,
      unit: { Description: `Data disk ${String(lun)} at ${mount}`, Before: "docker.service", After: "local-fs.target" },
      service: {
        Type: "oneshot",
        RemainAfterExit: "yes",
        ExecStart: `${PROGRAM} ${String(lun)} ${mount}`,
        // The disk itself, and the place for the mount's unit; systemd mounts it, where everybody sees it.
        PrivateDevices: "no",
        DevicePolicy: "closed",
        DeviceAllow: ["block-sd rw", "block-nvme rw", "block-blkext rw"],
        ReadWritePaths: "/run/systemd/system",
      },
      install: { WantedBy: "multi-user.target" },
    })),
  };
}
