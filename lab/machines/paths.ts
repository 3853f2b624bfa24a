import { join } from "node:path";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { stateDirectory } from "#helpers/files/directories.ts";
import { machinesDirectory } from "../fabric/places.ts";

/** Where everything of a user's lab of machines lies; nothing of it is inside the checkout. */
export interface LabFiles {
  /** What must not be lost while the lab is up; goes with the lab. */
  readonly directory: string;
  /** What was decided when the lab was made. */
  readonly facts: string;
  /** The operator's key: opens every machine of the lab. */
  readonly operatorKey: string;
  /** The host keys that the machines were born with. */
  readonly knownHosts: string;
  /** `ssh -F <file> office` reaches the machine; so does whatever reads OpenSSH's settings. */
  readonly sshConfig: string;
  readonly lock: string;
}

export function labFiles(root = stateDirectory()): LabFiles {
  const directory = machinesDirectory(root);
  return {
    directory,
    facts: join(directory, "lab.json"),
    operatorKey: join(directory, "operator"),
    knownHosts: join(directory, "known_hosts"),
    sshConfig: join(directory, "ssh_config"),
    lock: join(root, "lab-machines.lock"),
  };
}

/** Images that any lab can be made from; they stay when a lab goes. */
export function machinesCache(root = cacheDirectory()): string {
  return join(root, "machines");
}

/** The places of one lab's own Incus. */
export interface IncusFiles {
  /** Holds the database, the images and the machines' disks; large, and gone with the lab. */
  readonly store: string;
  /**
   * Where the store is mounted. The machines' users are nobody on the host and could not enter a home directory, so all
   * that a machine uses lies below one that everybody may pass.
   */
  readonly mounted: string;
  /** INCUS_DIR. */
  readonly directory: string;
  readonly socket: string;
  readonly log: string;
}

/** The places of the lab `id`. */
export function incusFiles(id: string, cache = machinesCache()): IncusFiles {
  const store = join(cache, `lab-${id}`);
  const mounted = join(runDirectory, id);
  const directory = join(mounted, "incus");
  return {
    store,
    mounted,
    directory,
    socket: join(directory, "unix.socket"),
    // Not by way of the mount: a person who reads it is no process of the lab.
    log: join(store, "incusd.log"),
  };
}

/** What all labs of this host share until it is switched off. */
export const runDirectory = "/run/garrison-lab";
