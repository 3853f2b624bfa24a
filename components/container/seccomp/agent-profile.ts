import { ALLOWED, NAMESPACE_FLAGS, SOCKET_FAMILIES } from "./system-calls.ts";

/** Who reads the profile: the kernel below `runc`, or gVisor's own below `runsc --oci-seccomp`. */
export type SeccompReader = "runc" | "runsc";

const ENOSYS = 38;

interface Rule {
  readonly names: readonly string[];
  readonly action: "SCMP_ACT_ALLOW" | "SCMP_ACT_ERRNO";
  readonly errnoRet?: number;
  readonly args?: readonly { index: number; value: number; valueTwo: number; op: string }[];
}

/**
 * The seccomp profile of a container that runs model-chosen code, as the text that Docker takes for `seccomp=`.
 *
 * Stricter than Docker's own: what is not named is refused, and no capability opens more. Refused are, beside what
 * Docker refuses, every family of sockets but local and IP ones (AF_VSOCK, AF_ALG, AF_PACKET, AF_NETLINK …), io_uring,
 * asynchronous input and output, userfaultfd, tracing and reading other processes (ptrace, process_vm_*), handles of
 * files, message queues, personalities, calls of another architecture's numbering.
 *
 * `clone3` hides its flags from a filter. Below runc it does not exist (ENOSYS), and C libraries fall back to `clone`.
 * gVisor turns every refusal into EPERM (read in runsc/specutils/seccomp, release 20260817; run with Debian's), at which
 * they give up and have no threads: there it stays, and what namespaces it makes are the sandbox's own.
 */
export function agentSeccomp(reader: SeccompReader): string {
  const clone3: Rule =
    reader === "runsc"
      ? { names: ["clone3"], action: "SCMP_ACT_ALLOW" }
      : { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS };
  const profile = {
    defaultAction: "SCMP_ACT_ERRNO",
    // Only the machine's own: 32-bit calls, and with them socketcall, end the process.
    architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
    syscalls: [
      { names: allowedCalls(), action: "SCMP_ACT_ALLOW" },
      ...Object.values(SOCKET_FAMILIES).map((family) => allowWhere("socket", "SCMP_CMP_EQ", family)),
      allowWhere("clone", "SCMP_CMP_MASKED_EQ", NAMESPACE_FLAGS),
      clone3,
    ] satisfies Rule[],
  };
  return JSON.stringify(profile);
}

function allowedCalls(): string[] {
  return Object.values(ALLOWED)
    .flatMap((names) => names.trim().split(/\s+/))
    .sort();
}

/** Allows a call by its first argument; with a mask, where none of its bits is set. */
function allowWhere(name: string, op: string, value: number): Rule {
  return { names: [name], action: "SCMP_ACT_ALLOW", args: [{ index: 0, value, valueTwo: 0, op }] };
}
