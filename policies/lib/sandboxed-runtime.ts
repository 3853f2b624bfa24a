import { isSandboxed } from "../../containment/profiles.ts";
import type { Properties } from "./properties.ts";

/** Whether a container has a kernel of its own. */
export function hasOwnKernel(container: Properties): boolean {
  return isSandboxed(container.text("runtime") ?? "");
}
