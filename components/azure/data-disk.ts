import { join } from "node:path";
import { shellFile } from "../lib/shell.ts";
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

/** What a machine needs to have its data disks mounted at every start, before Docker. */
export function dataDiskParts(disks: readonly DataDisk[]): { files: HostFile[]; units: HostUnit[] } {
  if (disks.length === 0) return { files: [], units: [] };
  return {
    files: [
      { path: PROGRAM, content: shellFile(join(import.meta.dirname, "data-disk.sh")), mode: "0755", check: "sh" },
    ],
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
