import type { Properties } from "./properties.ts";

/** Whether a container has a health check that runs something. The image's own cannot be seen. */
export function hasHealthCheck(container: Properties): boolean {
  const [first, ...command] = container
    .object("healthcheck")
    .texts("tests")
    .map(({ value }) => value.trim());
  return first !== undefined && /^CMD(-SHELL)?$/i.test(first) && command.some((word) => word !== "");
}
