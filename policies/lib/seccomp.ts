// What Docker's default profile refuses to a container without capabilities and that leads out of one: modules, other
// kernels, mounts, other processes' memory, keys, raw input and output.
const DANGEROUS = new Set([
  "add_key",
  "bpf",
  "create_module",
  "delete_module",
  "finit_module",
  "fsconfig",
  "fsmount",
  "fsopen",
  "init_module",
  "ioperm",
  "iopl",
  "kexec_file_load",
  "kexec_load",
  "keyctl",
  "mount",
  "mount_setattr",
  "move_mount",
  "open_by_handle_at",
  "open_tree",
  "perf_event_open",
  "pivot_root",
  "request_key",
  "setns",
  "umount2",
  "unshare",
  "userfaultfd",
]);

const REFUSES = /^SCMP_ACT_(ERRNO|KILL|KILL_PROCESS|KILL_THREAD|TRAP)$/;
const ALLOWS = /^SCMP_ACT_(ALLOW|LOG|TRACE|NOTIFY)$/;

/**
 * Says how a seccomp profile, given as text, is weaker than Docker's own; undefined when nothing is known to be. A path
 * names a file of whoever runs the program, which cannot be seen from here.
 */
export function weaknessOf(profile: string): string | undefined {
  if (!profile.startsWith("{")) return undefined;
  const parsed = parse(profile);
  if (parsed === undefined) return "a profile that is no JSON";
  const defaultAction = typeof parsed.defaultAction === "string" ? parsed.defaultAction.toUpperCase() : "nothing";
  if (!REFUSES.test(defaultAction)) return `a profile whose default is ${defaultAction}`;
  const allowed = list(parsed.syscalls).flatMap(allowedBy);
  const dangerous = [...new Set(allowed.filter((name) => DANGEROUS.has(name)))].sort();
  return dangerous.length === 0 ? undefined : `a profile that allows ${dangerous.join(", ")}`;
}

/** A rule that asks for a capability allows nothing to a container without it. */
function allowedBy(rule: unknown): string[] {
  const { names, name, action, includes } = record(rule);
  if (!ALLOWS.test(String(action).toUpperCase()) || list(record(includes).caps).length > 0) return [];
  return [...list(names), name].filter((one) => typeof one === "string");
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return record(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
