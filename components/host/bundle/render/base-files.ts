import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";

const MADE = "# Made by Garrison; a change by hand does not stay.\n";

/** Drivers that no machine of an estate has a use for, and that others have found mistakes in. */
const MODULES = {
  dccp: "a protocol that nobody speaks",
  rds: "a protocol that nobody speaks",
  sctp: "a protocol that nobody speaks",
  tipc: "a protocol that nobody speaks",
  "firewire-core": "whoever has a cable reads the memory",
  "firewire-ohci": "whoever has a cable reads the memory",
  "firewire-sbp2": "whoever has a cable reads the memory",
  "usb-storage": "data goes by the network, and so does what comes",
};

const NOTICE = "Use by the operators of this machine only. What is done here is recorded.\n";

/** Small files of the base system: drivers that are not loaded, memory that is not written to disk, a word at the login. */
export function baseFiles(): BundleEntry[] {
  const modules = Object.entries(MODULES).map(
    ([name, why]) => `# ${why}\nblacklist ${name}\ninstall ${name} /bin/false\n`,
  );
  return [
    entry("/etc/modprobe.d/90-garrison.conf", MADE + modules.join("")),
    entry(
      "/etc/security/limits.d/90-garrison.conf",
      `${MADE}# What a program had in its memory, secrets too, does not become a file.\n* hard core 0\nroot hard core 0\n`,
    ),
    entry("/etc/issue", NOTICE),
    entry("/etc/issue.net", NOTICE),
    entry("/etc/lynis/custom.prf", `${MADE}${skipped()}`),
  ];
}

/** What Lynis asks for that a machine of an estate does otherwise, with the reason. */
export const LYNIS_SKIPPED: Readonly<Record<string, string>> = {
  "ACCT-9622": "the kernel's audit records who ran what",
  "ACCT-9626": "how busy a machine is, others measure",
  "AUTH-9230": "nobody has a password",
  "AUTH-9262": "nobody has a password",
  "AUTH-9286": "nobody has a password; one that is too old would keep a key out",
  "AUTH-9328": "programs of ours set it for themselves, and accounts have a group each",
  "BANN-7126": "it wants a text of law, by words of its own",
  "BANN-7130": "it wants a text of law, by words of its own",
  "DEB-0280": "services have a /tmp of their own",
  "DEB-0810": "nobody installs packages by hand",
  "DEB-0811": "nobody installs packages by hand",
  "DEB-0831": "garrison-runtime says what waits for a restart",
  "DEB-0880": "jails lie in jail.d, which no update changes",
  "FILE-6310": "a machine of a cloud has one disk; what grows lies on a disk of its own",
  "FILE-6344": "systemd and Docker's helpers look at each other's processes; services of ours see none but their own",
  "FIRE-4512": "it looks at the kernel's older tables; the rules are nftables'",
  LYNIS: "the version is Debian's",
  "PKGS-7370": "dpkg --verify does the same",
  "PKGS-7394": "unattended-upgrades installs what is new",
  "SSH-7408:AllowTcpForwarding": "only a bastion passes connections on, to machines by name",
  "SSH-7408:ClientAliveCountMax": "a deployment over a bad line is not cut off after two minutes",
  "SSH-7408:Compression": "only after the login, as OpenSSH does it",
  "SSH-7408:MaxSessions": "a deployment opens many at once",
  "SSH-7408:Port": "another number hides nothing",
  "SSH-7408:TCPKeepAlive": "it finds out that the other side is gone",
  "USB-3000": "what is plugged in is not loaded",
};

function skipped(): string {
  return Object.entries(LYNIS_SKIPPED)
    .map(([test, why]) => `# ${why}\nskip-test=${test}\n`)
    .join("");
}
