import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { docker, dockerProblems } from "#components/settings/docker.ts";
import { explain } from "#components/settings/explain.ts";
import { builtLockFile, images, lockFile } from "#components/settings/images.ts";
import { MACHINES } from "#stacks/machines.ts";
import { stacks } from "#stacks/machines.ts";
import { checkout } from "#helpers/files/directories.ts";
import { problem } from "#helpers/terminal/report.ts";
import { readStackFile, settingsReport } from "../settings/stack-file.ts";

/** As much of a stack's settings as its images need. */
export interface Deployment {
  readonly stack: string;
  /** Keys of the images that its services run. */
  readonly keys: readonly string[];
  /** The machine's daemon; undefined where the stack makes its machine itself. */
  readonly docker?: z.infer<typeof docker>;
  readonly registry?: string;
  /** The estate's image lock. */
  readonly imagesLock: string;
  /** The deployment's own. */
  readonly builtLock: string;
}

interface DeploymentChoice {
  readonly stack: string;
  /** @default the settings in the checkout */
  readonly configFile?: string;
}

const used = z.strictObject({
  machine: z.enum(MACHINES),
  docker: docker.optional(),
  images: images.prefault({}),
  imagesLock: lockFile.default("images.lock.json"),
});

/** Other settings need not be in order yet. @throws {ProblemReport} with everything that is wrong with these */
export function readDeployment({ stack, configFile }: DeploymentChoice): Deployment {
  const file = configFile === undefined ? join(checkout, `Pulumi.${stack}.yaml`) : resolve(configFile);
  if (!/^[\w.-]+$/.test(stack) || !existsSync(file)) {
    throw problem("There is no such deployment", {
      property: `--stack ${stack}`,
      found: `no ${file}`,
      expected: "a stack with a settings file Pulumi.<stack>.yaml",
      fix: "npm run images -- build --stack office",
    });
  }
  const given = readStackFile(file, Object.keys(used.shape));
  // A stack that makes its machine itself says only how its key is found.
  const place = z.looseObject({ host: z.string() }).safeParse(given.docker);
  if (!place.success && given.docker !== undefined) delete given.docker;
  const result = used.safeParse({ machine: stack, ...given });
  const problems = [
    ...(result.error?.issues ?? []).flatMap((issue) => explain(issue, given, used)),
    ...dockerProblems(place.data),
  ];
  if (problems.length > 0 || !result.success) throw settingsReport(stack, problems);
  const { machine, docker: daemon, images: own, imagesLock } = result.data;
  return {
    stack,
    keys: [...new Set(stacks[machine].machine.services.map(({ image }) => image))],
    ...(daemon !== undefined && { docker: daemon }),
    ...(own.registry !== undefined && { registry: own.registry }),
    imagesLock: resolve(checkout, imagesLock),
    builtLock: resolve(checkout, builtLockFile(stack, own)),
  };
}
