import { oneBlank } from "../../../containment/blanks.ts";
import type { Call, WrittenFile } from "../shell/script.ts";

/** Settings of the kernel by which it protects itself or others, and the values that take the protection away. */
const WEAK: readonly (readonly [RegExp, RegExp])[] = [
  [/^net\.ipv4\.conf\.[^.]+\.route_localnet$/, /^1$/],
  [/^net\.ipv[46]\.conf\.[^.]+\.(accept_redirects|accept_source_route|send_redirects)$/, /^1$/],
  [/^net\.ipv4\.conf\.[^.]+\.rp_filter$/, /^0$/],
  [/^net\.ipv4\.tcp_syncookies$/, /^0$/],
  [/^net\.bridge\.bridge-nf-call-(ip|ip6|arp)tables$/, /^0$/],
  [/^net\.core\.bpf_jit_harden$/, /^0$/],
  [/^kernel\.unprivileged_bpf_disabled$/, /^0$/],
  [
    /^kernel\.(unprivileged_userns_apparmor_policy|apparmor_restrict_unprivileged_userns|apparmor_restrict_unprivileged_unconfined)$/,
    /^0$/,
  ],
  [
    /^kernel\.(kptr_restrict|dmesg_restrict|kexec_load_disabled|randomize_va_space|modules_disabled|io_uring_disabled)$/,
    /^0$/,
  ],
  [/^kernel\.randomize_va_space$/, /^1$/],
  [/^kernel\.yama\.ptrace_scope$/, /^0$/],
  [/^kernel\.perf_event_paranoid$/, /^(-\d+|0)$/],
  [/^kernel\.sysrq$/, /^1$/],
  [/^kernel\.core_pattern$/, /^\|/],
  [/^kernel\.(modprobe|hotplug|poweroff_cmd)$/, /^\/(?!s?bin\/|usr\/s?bin\/)/],
  [/^fs\.protected_(symlinks|hardlinks|fifos|regular)$/, /^0$/],
  [/^fs\.suid_dumpable$/, /^[12]$/],
  [/^vm\.mmap_min_addr$/, /^0$/],
  [/^vm\.unprivileged_userfaultfd$/, /^1$/],
  [/^dev\.tty\.ldisc_autoload$/, /^1$/],
];

const FILE = /(^|\/)etc\/sysctl(\.d\/.*)?(\.conf)?$|\/sysctl\.d\//;

/** The weak settings in a command, as `name=value`. */
export function weakSettingsOf({ name, argv }: Call): string[] {
  return name === "sysctl" ? weakIn(argv.slice(1).join("\n").replace(/\n=\n/g, "=")) : [];
}

/** The same in the kernel's own files and in those that are read at start. */
export function weakSettingsIn({ path, text }: WrittenFile): string[] {
  const own = /^\/proc\/sys\/(.+)$/.exec(path)?.[1];
  if (own !== undefined) return weakIn(`${own}=${text.trim()}`);
  return FILE.test(path) ? weakIn(text) : [];
}

function weakIn(text: string): string[] {
  return oneBlank(text)
    .split("\n")
    .flatMap((line) => {
      const [, given = "", value = ""] =
        /^\s{0,99}-?\s{0,9}([\w./-]{1,200})\s{0,99}=\s{0,99}(.{0,400}?)\s{0,99}$/.exec(line) ?? [];
      const setting = given.includes("/")
        ? given.replaceAll(".", "\0").replaceAll("/", ".").replaceAll("\0", "/")
        : given;
      return WEAK.some(([name, weak]) => name.test(setting) && weak.test(value)) ? [`${setting}=${value}`] : [];
    });
}
