import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";

/** Each setting with its reason. Sources: CIS Debian 12 section 3, the kernel's own documentation of the keys. */
const HARDENED: Readonly<Record<string, readonly [value: string, why: string]>> = {
  "net.ipv4.ip_forward": [
    "1",
    "Docker routes between its bridges and the world; a hardening guide's 0 would cut every container off",
  ],
  "net.ipv4.conf.all.accept_redirects": ["0", "a neighbour does not tell us where to send"],
  "net.ipv4.conf.default.accept_redirects": ["0", "a neighbour does not tell us where to send"],
  "net.ipv4.conf.all.secure_redirects": ["0", "a router does not either"],
  "net.ipv4.conf.all.send_redirects": ["0", "we are no router for others"],
  "net.ipv4.conf.all.accept_source_route": ["0", "a sender does not choose the way"],
  "net.ipv4.conf.all.log_martians": ["1", "packets from impossible addresses are seen"],
  "net.ipv4.conf.all.rp_filter": ["2", "loose: strict drops answers of machines with several ways, which Docker makes"],
  "net.ipv4.icmp_echo_ignore_broadcasts": ["1", "no answer that multiplies"],
  "net.ipv4.tcp_syncookies": ["1", "many half-open connections do not fill the table"],
  "net.ipv6.conf.all.accept_redirects": ["0", "as for IPv4"],
  "net.ipv6.conf.default.accept_redirects": ["0", "an interface that comes later has this, whatever all says"],
  "net.ipv6.conf.all.accept_source_route": ["0", "as for IPv4"],
  "net.ipv6.conf.all.accept_ra": [
    "0",
    "a neighbour does not become our router; the rules drop what an interface would take",
  ],
  "net.ipv6.conf.default.accept_ra": ["0", "an interface that comes later has this, whatever all says"],
  "net.ipv4.conf.default.accept_source_route": ["0", "as for all"],
  "net.ipv4.conf.default.log_martians": ["1", "as for all"],
  "net.ipv4.conf.default.send_redirects": ["0", "as for all"],
  "net.ipv6.conf.default.accept_source_route": ["0", "as for all"],
  "net.core.bpf_jit_harden": ["2", "what a program of the kernel holds does not become instructions"],
  "dev.tty.ldisc_autoload": ["0", "no driver for a line is loaded because somebody asks"],
  "kernel.core_uses_pid": ["1", "the memory of one program does not overwrite that of another"],
  "kernel.perf_event_paranoid": ["3", "who measures the kernel sees what others do"],
  "kernel.sysrq": ["0", "the keyboard commands no kernel"],
  "kernel.dmesg_restrict": ["1", "the kernel's addresses are for root"],
  "kernel.kptr_restrict": ["2", "and so are its pointers"],
  "kernel.yama.ptrace_scope": ["1", "a process reads the memory of its children only"],
  "kernel.unprivileged_bpf_disabled": ["1", "programs in the kernel are for root"],
  "kernel.randomize_va_space": ["2", "addresses are not to be guessed"],
  "fs.protected_hardlinks": ["1", "no second name for a file of others"],
  "fs.protected_symlinks": ["1", "no detour through /tmp"],
  "fs.protected_fifos": ["2", "no pipe of others in a place where all may write"],
  "fs.protected_regular": ["2", "no file of others either"],
  "fs.suid_dumpable": ["0", "the memory of a privileged program does not become a file"],
  "vm.overcommit_memory": [
    "1",
    "Valkey and FalkorDB save with a copy of themselves that shares their memory; without it that can be refused",
  ],
  "vm.max_map_count": ["262144", "OpenSearch, below the Wazuh indexer, does not start with less"],
};

/** The kernel's settings; what the machine's specification says wins. */
export function sysctl(own: Readonly<Record<string, string>> = {}): BundleEntry[] {
  const all = {
    ...HARDENED,
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, [value, "this machine's own"] as const])),
  };
  const lines = Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, [value, why]]) => [`# ${why}`, `${key} = ${value}`]);
  return [entry("/etc/sysctl.d/90-garrison.conf", `${lines.join("\n")}\n`, { actions: ["1:sysctl"] })];
}
