import { existsSync } from "node:fs";
import { pingDocker } from "#helpers/docker/ping.ts";
import { refuseWhatWeCannotChange } from "../docker/ensure.ts";
import type { EstateChoice } from "./choice.ts";
import { missingDocker, missingPulumi } from "./missing.ts";
import { chosenEstate } from "./session.ts";

/**
 * Says what the run is going to bring to this machine, before it begins. Silent when everything is there.
 *
 * @throws {ProblemReport} when it needs a Docker daemon that only a person can bring
 */
export async function announce(choice: EstateChoice): Promise<void> {
  const missing = await whatIsMissing(choice);
  if (missing.length === 0) return;
  console.error("This run brings to this machine what is not there yet:");
  for (const line of missing) console.error(`  - ${line}`);
}

async function whatIsMissing(choice: EstateChoice): Promise<string[]> {
  const estate = await chosenEstate(choice);
  const docker = await pingDocker();
  // A list of what comes would be a lie before a refusal.
  if (docker.version === undefined) refuseWhatWeCannotChange(docker);
  return [
    ...(await missingPulumi()),
    ...(await missingDocker()),
    ...(estate === undefined ? ["a lab estate with its own state and passphrase, in this user's state directory"] : []),
    ...(estate === undefined || !existsSync(estate.files.imagesLock)
      ? ["the lab's images, built here and kept in a registry on 127.0.0.1 (some minutes the first time)"]
      : []),
  ];
}
