/**
 * Programs of the host that tests run, read with or attack with, each with the package of Debian that has it; a path is a
 * file that one of them reads.
 */
export type Programs = Readonly<Record<string, string>>;

/** Judges the shell that runs on machines. */
export const lintPrograms: Programs = { shellcheck: "shellcheck" };

/** Unit tests talk to a real sshd, and let each format be read by the program that will read it. */
export const unitPrograms: Programs = {
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  sshd: "openssh-server",
  nft: "nftables",
  "/etc/protocols": "netbase",
  "systemd-analyze": "systemd",
};

/** Preview tests run the engine; the rest they bring along. */
export const previewPrograms: Programs = {};

/** Lab tests look at the host and attack the containers from it. */
export const labPrograms: Programs = {
  ...unitPrograms,
  busybox: "busybox-static",
  curl: "curl",
  ip: "iproute2",
  iptables: "iptables",
  jq: "jq",
  mmdebstrap: "mmdebstrap",
  openssl: "openssl",
  ps: "procps",
};
