import { join } from "node:path";
import { stateDirectory } from "#helpers/files/directories.ts";

/** Where everything of one lab estate lies. Nothing of it is inside the checkout. */
export interface EstateFiles {
  readonly directory: string;
  /** What was decided when the estate was made: id, network block, resources. */
  readonly facts: string;
  /** Opens the secrets in the state; only its owner may read it. */
  readonly passphrase: string;
  /** Pulumi's own state, as files. */
  readonly backend: string;
  /** A copy of the project file: Pulumi makes a stack beside one, and must not do so in the checkout. */
  readonly project: string;
  /** The stack's settings with those of the lab merged in. */
  readonly settings: string;
  /** What the policy pack is told: the estate's own name servers. */
  readonly policies: string;
  /** Digests of the images that were built here; absent until then. */
  readonly imagesLock: string;
}

/** The files of the estate `name`, which runs `stack`. */
export function estateFiles(name: string, stack: string, root = stateDirectory()): EstateFiles {
  const directory = join(root, name);
  return {
    directory,
    facts: join(directory, "estate.json"),
    passphrase: join(directory, "passphrase"),
    backend: join(directory, "backend"),
    project: join(directory, "Pulumi.yaml"),
    settings: join(directory, `Pulumi.${stack}.yaml`),
    policies: join(directory, "policies.json"),
    imagesLock: join(directory, "images.lock.json"),
  };
}
