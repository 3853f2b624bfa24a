import type * as docker from "@pulumi/docker";
import type { ContainerFacts } from "./facts.ts";
import { goDuration } from "./go-duration.ts";
import { isChecked } from "./health.ts";
import type { Health } from "./health.ts";

/** A local log that cannot fill the disk: 3 files of 10 MB. */
const LOG_OPTS = { "max-file": "3", "max-size": "10m" };

/** How often what restarts on failure is started again. */
export const ATTEMPTS = 3;

/**
 * How a container starts, stays and ends. The end of a job is waited for, which the provider does whatever its exit code
 * (read in its `resource_docker_container_funcs.go`); a service until it is healthy, for which Docker needs a check.
 */
export function lifetime(container: ContainerFacts): Partial<docker.ContainerArgs> {
  const restart = restartOf(container);
  const { logDriver, logOpts } = logOf(container);
  const isJob = container.job === true;
  return {
    ...healthcheck(container.health),
    logDriver,
    ...(Object.keys(logOpts).length > 0 && { logOpts }),
    restart,
    ...(restart === "on-failure" && { maxRetryCount: container.maxRetryCount ?? ATTEMPTS }),
    stopTimeout: container.stopSeconds ?? 10,
    destroyGraceSeconds: container.stopSeconds ?? 10,
    mustRun: !isJob,
    ...(isJob && { attach: true }),
    ...(isAwaited(container) ? { wait: true, waitTimeout: container.startSeconds ?? 120 } : { wait: false }),
  };
}

/** Whether the deployment waits until it is healthy. */
export function isAwaited({ job, health }: Pick<ContainerFacts, "job" | "health">): boolean {
  return job !== true && isChecked(health);
}

export function restartOf({ restart, job }: Pick<ContainerFacts, "restart" | "job">): string {
  return restart ?? (job === true ? "on-failure" : "unless-stopped");
}

/** A driver's options are its own: those of Garrison's log go with Garrison's driver. */
export function logOf({ logDriver, logOpts }: Pick<ContainerFacts, "logDriver" | "logOpts">): {
  logDriver: string;
  logOpts: Readonly<Record<string, string>>;
} {
  return { logDriver: logDriver ?? "json-file", logOpts: logOpts ?? (logDriver === undefined ? LOG_OPTS : {}) };
}

/** Nothing leaves the image's own in place; `NONE` switches it off. */
function healthcheck(health: Health | "image" | "none"): Pick<docker.ContainerArgs, "healthcheck"> {
  if (health === "image") return {};
  if (health === "none") return { healthcheck: { tests: ["NONE"] } };
  return {
    healthcheck: {
      tests: [...health.test],
      interval: goDuration(health.interval ?? 5),
      timeout: goDuration(health.timeout ?? 4),
      retries: health.retries ?? 6,
      startPeriod: goDuration(health.startPeriod ?? 10),
    },
  };
}
