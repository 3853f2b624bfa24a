import type { Properties } from "./properties.ts";

/** gVisor and Kata, under the names that their own manuals register them with Docker. */
const SANDBOXED =
  /^(runsc|gvisor|kata|io\.containerd\.runsc\.v\d+|io\.containerd\.kata[a-z0-9-]*\.v\d+)(?:[-_][a-z0-9-]+(?:_[a-z0-9-]+)*)?$/;

/** Whether a container has a kernel of its own. */
export function hasOwnKernel(container: Properties): boolean {
  return SANDBOXED.test((container.text("runtime") ?? "").trim().toLowerCase());
}
