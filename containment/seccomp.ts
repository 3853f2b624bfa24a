import { readSeccomp } from "./seccomp-document.ts";
import type { SeccompArgument, SeccompRule } from "./seccomp-document.ts";

const words = (text: string): string[] => text.trim().split(/\s+/);

// What Docker's default profile refuses to a container without capabilities and that leads out of one: modules, other
// kernels, mounts, other processes' memory, keys, raw input and output, namespaces, the machine's clock and name.
const DANGEROUS = new Set(
  words(`
    acct add_key bpf chroot clock_adjtime64 clock_settime clock_settime64 clone3 create_module delete_module
    fanotify_init finit_module fsconfig fsmount fsopen fspick get_kernel_syms init_module io_uring_enter
    io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie mbind
    migrate_pages mount mount_setattr move_mount move_pages name_to_handle_at nfsservctl open_by_handle_at open_tree
    open_tree_attr perf_event_open pidfd_getfd pivot_root process_madvise process_vm_readv process_vm_writev
    query_module quotactl quotactl_fd reboot request_key set_mempolicy setdomainname sethostname setns settimeofday
    stime swapoff swapon sysfs syslog umount umount2 unshare uselib userfaultfd ustat vhangup vm86 vm86old`),
);

// Docker allows them, and nothing that an agent's programs need is among them.
const UNNEEDED = words(`
  clock_adjtime adjtimex io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit memfd_secret modify_ldt
  io_pgetevents_time64 ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend
  mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd personality ptrace
  remap_file_pages socketcall vmsplice`);
const FOR_AGENTS = new Set([...DANGEROUS, ...UNNEEDED]);

/** The calls that Docker's default profile opens to a capability: moby, profiles/seccomp/default_linux.go. */
const BY_CAPABILITY: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    CAP_SYS_ADMIN: words(`
    bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr move_mount open_tree
    perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare`),
    CAP_DAC_READ_SEARCH: words("open_by_handle_at"),
    CAP_SYS_BOOT: words("reboot"),
    CAP_SYS_CHROOT: words("chroot"),
    CAP_SYS_MODULE: words("delete_module init_module finit_module"),
    CAP_SYS_PACCT: words("acct"),
    CAP_SYS_PTRACE: words("kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace"),
    CAP_SYS_RAWIO: words("iopl ioperm"),
    CAP_SYS_TIME: words("settimeofday stime clock_settime clock_settime64"),
    CAP_SYS_TTY_CONFIG: words("vhangup"),
    CAP_SYS_NICE: words("get_mempolicy mbind set_mempolicy set_mempolicy_home_node"),
    CAP_SYSLOG: words("syslog"),
    CAP_BPF: words("bpf"),
    CAP_PERFMON: words("perf_event_open"),
  }),
);

/** CLONE_NEW*, but for the one that only `clone3` and `unshare` know. */
const NAMESPACES = 0x7e02_0000;
const PERSONALITIES = [0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffff];
/** AF_UNIX, AF_INET, AF_INET6. */
const FAMILIES = [1, 2, 10];

/** Calls whose first argument decides, and what it may be. */
const BY_ARGUMENT: Readonly<Record<string, (first: SeccompArgument) => boolean>> = {
  clone: ({ op, value, valueTwo }) =>
    op === "SCMP_CMP_MASKED_EQ" && valueTwo === 0 && (value & NAMESPACES) === NAMESPACES,
  personality: ({ op, value }) => op === "SCMP_CMP_EQ" && PERSONALITIES.includes(value),
  socket: ({ op, value }) => op === "SCMP_CMP_EQ" && FAMILIES.includes(value),
};

const REFUSES = /^SCMP_ACT_(ERRNO|KILL|KILL_PROCESS|KILL_THREAD|TRAP)$/;

/**
 * Says how a seccomp profile, given as text, is weaker than Docker's own; undefined when nothing is known to be. A path
 * names a file of whoever runs the program, which cannot be seen from here.
 *
 * @param ownKernel the container has a kernel of its own (gVisor, Kata): the namespaces of `clone3` are that kernel's
 */
export function weaknessOf(profile: string, ownKernel = false): string | undefined {
  if (!profile.trim().startsWith("{")) return undefined;
  return judge(profile, DANGEROUS, ["clone", "personality"], ownKernel);
}

/** Says why a profile is not enough for an agent: it has to be given, by its content, and stricter than Docker's. */
export function agentWeaknessOf(profile: string | undefined, ownKernel: boolean): string | undefined {
  if (profile === undefined) return "Docker's default profile";
  if (!profile.trim().startsWith("{")) return `a profile by name, ${JSON.stringify(profile)}`;
  return judge(profile, FOR_AGENTS, ["clone", "socket"], ownKernel);
}

function judge(
  text: string,
  refused: ReadonlySet<string>,
  judged: readonly string[],
  ownKernel: boolean,
): string | undefined {
  const profile = readSeccomp(text);
  if (typeof profile === "string") return profile;
  if (!REFUSES.test(profile.defaultAction)) return `a profile whose default is ${profile.defaultAction}`;
  const open = profile.rules
    .filter(({ action }) => !REFUSES.test(action))
    .flatMap((rule) =>
      rule.names
        .filter((name) => (judged.includes(name) ? !isNarrow(name, rule) : refused.has(name)))
        .filter((name) => refused === FOR_AGENTS || !isDockersOwn(name, rule)),
    );
  const found = [...new Set(open)].filter((name) => !(ownKernel && name === "clone3")).sort();
  return found.length === 0 ? undefined : `a profile that allows ${found.join(", ")}`;
}

/**
 * Whether Docker's own profile allows the call as well to a container with one of the capabilities that the rule asks for.
 * Under another capability it would be open to a container that only has that one. An agent's profile needs no such rule.
 */
function isDockersOwn(name: string, { capabilities }: SeccompRule): boolean {
  return capabilities.some((capability) => BY_CAPABILITY.get(capability)?.includes(name) === true);
}

/** Whether the rule lets a call through for harmless arguments only. Of several the runtime takes any that fits. */
function isNarrow(name: string, { args }: SeccompRule): boolean {
  const [first, ...others] = args;
  return first !== undefined && others.length === 0 && first.index === 0 && (BY_ARGUMENT[name]?.(first) ?? false);
}
