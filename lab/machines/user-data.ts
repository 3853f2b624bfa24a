import { stringify } from "yaml";
import { machineUser } from "./keys.ts";
import type { KeyPair } from "./keys.ts";
import type { MachineSize } from "./machine-spec.ts";
import type { MachinePlace } from "./layout.ts";

/** What a bare machine is told at its birth. */
export interface Birth {
  /** The key by which it proves at the first connection who it is. */
  readonly hostKey: KeyPair;
  /** May log in. */
  readonly operatorKey: string;
}

/**
 * cloud-init's user data of a bare machine: who may log in, and the host key that is pinned before it exists.
 */
export function renderUserData({ hostKey, operatorKey }: Birth): string {
  const data = {
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.private, ed25519_public: hostKey.public },
    users: [
      {
        name: machineUser,
        gecos: "Garrison",
        shell: "/bin/bash",
        groups: ["docker", "sudo"],
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        lock_passwd: true,
        ssh_authorized_keys: [operatorKey],
      },
    ],
    ssh_pwauth: false,
  };
  return `#cloud-config\n${stringify(data)}`;
}

/** Marks of ours in a machine's configuration. */
export const marks = {
  lab: "user.garrison.lab",
  image: "user.garrison.image",
  /** Set when the machine was ready once; one without it was begun by a run that did not come so far. */
  ready: "user.garrison.ready",
} as const;

/** What Incus is asked to make. The user data carries a private key: it is sent over the socket only. */
export function instanceRequest(place: MachinePlace, wish: InstanceWish): Record<string, unknown> {
  return {
    name: place.instance,
    type: "container",
    source: { type: "image", alias: wish.image },
    profiles: [],
    config: {
      "cloud-init.user-data": wish.userData,
      "user.hostname": place.role,
      [marks.lab]: wish.lab,
      [marks.image]: wish.image,
      ...limits(wish.size),
      "boot.autostart": "false",
      // Root inside is nobody outside, and not the same nobody as in another machine.
      "security.privileged": "false",
      "security.idmap.isolated": "true",
      // A Docker of its own.
      "security.nesting": "true",
      "security.syscalls.intercept.mknod": "true",
      "security.syscalls.intercept.setxattr": "true",
    },
    devices: {
      root: { type: "disk", path: "/", pool: place.pool },
      eth0: { type: "nic", name: "eth0", network: wish.bridge, "ipv4.address": place.address },
    },
  };
}

export interface InstanceWish {
  readonly lab: string;
  /** Alias of the image. */
  readonly image: string;
  readonly bridge: string;
  readonly userData: string;
  readonly size: MachineSize;
}

function limits({ memoryMiB, cpus }: MachineSize): Record<string, string> {
  return { "limits.memory": `${String(memoryMiB)}MiB`, "limits.cpu": String(Math.max(1, Math.floor(cpus))) };
}
