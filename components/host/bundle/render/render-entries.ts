import { RUNTIME_UNITS, runtimeEntries } from "#components/host/runtime-floor/program.ts";
import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import type { HostFile, HostSpec, HostUnit, HostUser } from "../host-spec.ts";
import { auditRules } from "./audit-rules.ts";
import { baseFiles } from "./base-files.ts";
import { chrony } from "./chrony.ts";
import { dockerDaemon } from "./docker-daemon.ts";
import { dropIns } from "./drop-ins.ts";
import { fail2ban } from "./fail2ban.ts";
import { gvisorSource } from "./gvisor-source.ts";
import { hostRules } from "./host-rules.ts";
import { nginx } from "./nginx.ts";
import { sshd } from "./sshd.ts";
import { sysctl } from "./sysctl.ts";
import { unattendedUpgrades } from "./unattended-upgrades.ts";
import { unit } from "./units.ts";
import { wazuhAgent } from "./wazuh-agent.ts";

/**
 * Loads the rules at every start, before there is a network and before Docker starts a container. It needs no file of its
 * own: for a private /tmp and /dev systemd makes directories in /tmp, and fails where a local user has taken every inode.
 */
const RULES_UNIT: HostUnit = {
  name: "garrison-rules.service",
  unit: {
    Description: "What this machine and its containers may reach, and who may reach them",
    DefaultDependencies: "no",
    After: "local-fs.target",
    Before: "network-pre.target docker.service shutdown.target",
    Wants: "network-pre.target",
    Conflicts: "shutdown.target",
  },
  service: {
    Type: "oneshot",
    RemainAfterExit: "yes",
    ExecStart: "/usr/sbin/nft -f /etc/garrison/rules.nft",
    PrivateTmp: "no",
    PrivateDevices: "no",
    DevicePolicy: "closed",
    CapabilityBoundingSet: "CAP_NET_ADMIN",
    RestrictAddressFamilies: "AF_UNIX AF_NETLINK",
    SystemCallFilter: "@system-service",
  },
  install: { WantedBy: "sysinit.target", RequiredBy: "docker.service" },
};

/** Debian's pool; four, so that one that lies is outvoted. */
const TIME_SERVERS = [0, 1, 2, 3].map((number) => `${String(number)}.debian.pool.ntp.org`);

/** The units of a machine: ours, then its own. */
export function unitsOf(spec: HostSpec): HostUnit[] {
  return [RULES_UNIT, ...(spec.docker === undefined ? [] : RUNTIME_UNITS), ...(spec.units ?? [])];
}

/** Every file of a machine, sorted by path. A path twice is for `hostProblems` to refuse. */
export function renderEntries(spec: HostSpec): BundleEntry[] {
  const rendered = [
    ...sshd(spec),
    ...hostRules(spec),
    ...sysctl(spec.sysctl),
    ...baseFiles(),
    ...chrony(spec.timeServers ?? TIME_SERVERS, spec.clock ?? true),
    ...unattendedUpgrades(),
    ...(spec.audit === false ? [] : auditRules()),
    ...(spec.fail2ban === false ? [] : fail2ban(spec)),
    ...(spec.docker === undefined ? [] : [...dockerDaemon(spec.docker), ...runtimeEntries()]),
    ...(spec.docker?.gvisor === "release" ? gvisorSource() : []),
    ...(spec.nginx === undefined ? [] : nginx(spec.nginx, spec.fail2ban !== false)),
    ...(spec.wazuh === undefined ? [] : wazuhAgent(spec.wazuh)),
    ...dropIns(spec),
    ...unitsOf(spec).flatMap(unit),
    ...sudoers(spec.users),
    ...(spec.files ?? []).map(fileEntry),
  ];
  return rendered.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function sudoers(users: readonly HostUser[]): BundleEntry[] {
  return users
    .filter(({ name, sudo }) => sudo === true && name !== "root")
    .map(({ name }) =>
      entry(`/etc/sudoers.d/90-garrison-${name}`, `${name} ALL=(ALL:ALL) NOPASSWD: ALL\n`, {
        mode: "440",
        check: "sudoers",
        guarded: true,
      }),
    );
}

function fileEntry({ path, content, mode = "0644", owner, secret, check, actions }: HostFile): BundleEntry {
  return entry(path, content, {
    mode: mode.replace(/^0+(?=.)/, ""),
    ...(owner !== undefined && { owner }),
    ...(secret !== undefined && { secret }),
    ...(check !== undefined && { check }),
    ...(actions !== undefined && { actions }),
  });
}
