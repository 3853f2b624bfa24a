import type { BundleEntry } from "../bundle.ts";
import type { HostSpec, UnitWaiver } from "../host-spec.ts";
import { dropIn } from "./units.ts";

/** Highest exposure, in tenths, of a service that Debian brings and a machine of ours runs. */
export const DISTRIBUTION_EXPOSURE = 50;

/** Reads logs by their groups, and changes the kernel's rules. Its own log lies in a directory of others. */
const FAIL2BAN = {
  ReadWritePaths: "/var/lib/fail2ban /var/log",
  RestrictAddressFamilies: "AF_UNIX AF_INET AF_INET6 AF_NETLINK",
  SupplementaryGroups: "adm systemd-journal",
  CapabilityBoundingSet: "CAP_NET_ADMIN CAP_NET_RAW",
  MemoryDenyWriteExecute: "yes",
  UMask: "0027",
};

/** Starts as root, opens its ports and logs, and hands requests to workers of another account. */
const NGINX = {
  ReadWritePaths: "/run /var/lib/nginx /var/log/nginx",
  CapabilityBoundingSet: "CAP_CHOWN CAP_DAC_OVERRIDE CAP_NET_BIND_SERVICE CAP_SETGID CAP_SETUID",
  SystemCallFilter: "@system-service",
  MemoryDenyWriteExecute: "yes",
  UMask: "0027",
};

/** What Debian's services, which come without a sandbox, are kept from. chrony brings one, of 3.7. */
export function dropIns(spec: HostSpec): BundleEntry[] {
  return [
    ...(spec.fail2ban === false ? [] : [dropIn("fail2ban.service", FAIL2BAN, DISTRIBUTION_EXPOSURE)]),
    ...(spec.nginx === undefined ? [] : [dropIn("nginx.service", NGINX, DISTRIBUTION_EXPOSURE)]),
  ];
}

const REST = { owner: "security", expires: "2027-06-30" } as const;

/** Debian's services that stay as they are, with what systemd says of them. */
export const DISTRIBUTION_WAIVERS: Readonly<Record<string, UnitWaiver>> = {
  "auditd.service": {
    exposure: 89,
    reason: "no machine of the tests has an audit of its kernel: nobody would see what a sandbox breaks of it",
    ...REST,
  },
  "containerd.service": { exposure: 96, reason: "mounts and starts containers, as root of the machine", ...REST },
  "docker.service": { exposure: 96, reason: "mounts and starts containers, as root of the machine", ...REST },
  "ssh.service": {
    exposure: 96,
    reason: "whoever logs in inherits what it is kept from, and the machine is repaired that way",
    ...REST,
  },
  "unattended-upgrades.service": {
    exposure: 96,
    reason: "waits at a shutdown for packages that are being installed, whose scripts may do anything",
    ...REST,
  },
};
