import { weaknessOf } from "./seccomp.ts";

/** Types of processes that SELinux keeps in a container; Kubernetes calls these the baseline. */
const CONTAINED = new Set(["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"]);

/** gVisor and Kata, under the names that their own manuals register them with Docker. */
const SANDBOXED =
  /^(runsc|gvisor|kata|io\.containerd\.runsc\.v\d+|io\.containerd\.kata[a-z0-9-]*\.v\d+)(?:[-_][a-z0-9-]+(?:_[a-z0-9-]+)*)?$/;

/** Whether a runtime gives a container a kernel of its own. */
export function isSandboxed(runtime: string): boolean {
  return SANDBOXED.test(runtime.trim().toLowerCase());
}

/** What a runtime gives a container by itself; undefined where nothing is known. A path is a program that root starts. */
export function runtimeGives(runtime: string): string | undefined {
  const name = runtime.trim();
  if (name.includes("/")) return "a program of the host that runs as root";
  return /^(?:nvidia|habana|ascend|mthreads|amd)(?:$|[-_.])/i.test(name) ? "devices of the host" : undefined;
}

export function isUnconfined(profile: string): boolean {
  return profile.trim().toLowerCase() === "unconfined";
}

/** How a profile is weaker than Docker's own; undefined where nothing is known to be. */
export function profileWeakness(kind: "seccomp" | "apparmor", profile: string, ownKernel: boolean): string | undefined {
  if (isUnconfined(profile)) return "unconfined";
  return kind === "seccomp" ? weaknessOf(profile, ownKernel) : undefined;
}

/** Single categories are; a range of them is above the files of every other container, as is a higher level. */
function isOwnLevel(value: string): boolean {
  return !/c\d+\.c\d+|\bs[1-9]|systemhigh/i.test(value);
}

/** What an SELinux label, `field:value`, should be instead; undefined where it keeps the process in a container. */
export function labelExpected(label: string): string | undefined {
  const [field = "", ...rest] = label.split(/[:=]/);
  const value = rest.join(":").trim();
  switch (field.trim().toLowerCase()) {
    case "disable":
      return "the option left out";
    case "type":
      return CONTAINED.has(value) ? undefined : "container_t, or a type for containers of the system's own policy";
    case "user":
    case "role":
      return value === "" ? undefined : "the user and the role of containers, which are the default";
    case "level":
      return isOwnLevel(value) ? undefined : "the container's own level, which is the default, or single categories";
    default:
      return undefined;
  }
}
