import { stringify } from "yaml";
import { machineUser } from "./keys.ts";
import type { KeyPair } from "./keys.ts";

/** What a bare machine is told at its first boot. */
interface FirstBoot {
  /** The key by which it proves at the first connection who it is. */
  readonly hostKey: KeyPair;
  /** May log in. */
  readonly operatorKey: string;
}

/**
 * cloud-init's user data of a bare machine: who may log in, and the host key that is pinned before it exists.
 */
export function renderUserData({ hostKey, operatorKey }: FirstBoot): string {
  const data = {
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.private, ed25519_public: hostKey.public },
    users: [
      {
        name: machineUser,
        // The first number that Debian gives is that of three images: who gets out of them must be nobody here.
        uid: "2000",
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
