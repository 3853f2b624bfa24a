/** Name, number on x86-64, arguments; the process's own number is written `self`. */
export type Call = readonly [name: string, number: number, ...args: readonly (number | "self")[]];

/**
 * Calls that an agent may not make, tried so that a kernel without a profile either lets them through or fails in another
 * way than by EPERM, for a container without capabilities.
 */
export const FORBIDDEN: readonly Call[] = [
  ["AF_VSOCK", 41, 40, 1, 0],
  ["AF_ALG", 41, 38, 5, 0],
  ["AF_NETLINK", 41, 16, 3, 0],
  ["AF_BLUETOOTH", 41, 31, 3, 0],
  ["io_uring_setup", 425, 1, 0],
  ["io_setup", 206, 1, 0],
  ["userfaultfd", 323, 1],
  ["keyctl", 250, 0, -3, 0],
  ["add_key", 248, 0, 0, 0, 0, 0],
  ["request_key", 249, 0, 0, 0, 0],
  ["setns", 308, -1, 0],
  ["bpf", 321, 0, 0, 0],
  ["perf_event_open", 298, 0, 0, -1, -1, 0],
  ["ptrace", 101, 16, -1, 0, 0],
  ["process_vm_readv", 310, "self", 0, 0, 0, 0, 0],
  ["process_vm_writev", 311, "self", 0, 0, 0, 0, 0],
  ["pidfd_getfd", 438, -1, 0, 0],
  ["process_madvise", 440, -1, 0, 0, 0, 0],
  ["kcmp", 312, "self", "self", 0, 0, 0],
  ["mount", 165, 0, 0, 0, 0, 0],
  ["umount2", 166, 0, 0],
  ["open_tree", 428, -1, 0, 0],
  ["mount_setattr", 442, -1, 0, 0, 0, 0],
  ["chroot", 161, 0],
  ["name_to_handle_at", 303, -1, 0, 0, 0, 0],
  ["open_by_handle_at", 304, -1, 0, 0],
  ["personality", 135, 8],
  ["modify_ldt", 154, 0, 0, 0],
  ["msgget", 68, 0, 0],
  ["mbind", 237, 0, 0, 0, 0, 0, 0],
  // Last: the process is in a namespace of its own afterwards.
  ["unshare", 272, 0x1000_0000],
];

export const PERMITTED: readonly Call[] = [
  ["AF_UNIX", 41, 1, 1, 0],
  ["AF_INET", 41, 2, 1, 0],
  ["AF_INET6", 41, 10, 1, 0],
  ["getpid", 39],
];

/** A perl program that makes the calls in turn and prints the errno of each, 0 where it succeeds. */
export function attempting(calls: readonly Call[]): string {
  const lines = calls.map(([name, ...numbers]) => {
    const args = numbers.map((value) => (value === "self" ? "$$" : String(value))).join(", ");
    return `$! = 0; print "${name} ", (syscall(${args}) >= 0 ? 0 : $! + 0), "\\n";`;
  });
  return `$| = 1; ${lines.join(" ")}`;
}

/** What it printed. */
export function errnos(output: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    output
      .trim()
      .split("\n")
      .map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]),
  );
}
