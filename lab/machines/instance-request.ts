import type { InstancePlace } from "./layout.ts";
import type { MachineSize } from "./machine-spec.ts";

/** Marks of ours in a machine's configuration. */
export const marks = {
  lab: "user.garrison.lab",
  image: "user.garrison.image",
  /** Set when the machine was ready once; one without it was begun by a run that did not come so far. */
  ready: "user.garrison.ready",
  /** The Azure id of a virtual machine, in lower case. */
  azure: "user.garrison.azure",
  /** Its data disks, as JSON. */
  disks: "user.garrison.disks",
} as const;

/** A device as Incus takes it. */
export type Device = Readonly<Record<string, string>>;

interface InstanceSpec {
  readonly lab: string;
  /** Alias of the image. */
  readonly image: string;
  readonly hostName: string;
  /** What cloud-init is given; without it an empty configuration. */
  readonly userData?: string;
  /** The platform's own part of it, which the user's goes before. */
  readonly vendorData?: string;
  /** More lines of cloud-init's metadata. */
  readonly metaData?: string;
  readonly size: Omit<MachineSize, "diskGiB">;
  /** All but the root disk. */
  readonly devices: Readonly<Record<string, Device>>;
  /** More of our marks. */
  readonly marks?: Readonly<Record<string, string>>;
}

/** What Incus is asked to make. The user data carries a private key: it is sent over the socket only. */
export function instanceRequest(place: InstancePlace, request: InstanceSpec): Record<string, unknown> {
  return {
    name: place.instance,
    type: "container",
    source: { type: "image", alias: request.image },
    profiles: [],
    config: {
      ...(request.userData === undefined ? {} : { "cloud-init.user-data": request.userData }),
      ...(request.vendorData === undefined ? {} : { "cloud-init.vendor-data": request.vendorData }),
      ...(request.metaData === undefined ? {} : { "user.meta-data": request.metaData }),
      "user.hostname": request.hostName,
      [marks.lab]: request.lab,
      [marks.image]: request.image,
      ...request.marks,
      ...limits(request.size),
      "boot.autostart": "false",
      // Root inside is nobody outside, and not the same nobody as in another machine.
      "security.privileged": "false",
      "security.idmap.isolated": "true",
      // A Docker of its own.
      "security.nesting": "true",
      "security.syscalls.intercept.mknod": "true",
      "security.syscalls.intercept.setxattr": "true",
    },
    devices: { root: { type: "disk", path: "/", pool: place.pool }, ...request.devices },
  };
}

/** A machine's size as Incus takes it. */
export function limits({ memoryMiB, cpus }: InstanceSpec["size"]): Record<string, string> {
  return { "limits.memory": `${String(memoryMiB)}MiB`, "limits.cpu": String(Math.max(1, Math.floor(cpus))) };
}
