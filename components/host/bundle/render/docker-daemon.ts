import { GVISOR, GVISOR_ARGUMENTS, GVISOR_PROGRAM } from "#components/container/gvisor.ts";
import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import type { DockerSpec } from "../host-spec.ts";

/** The daemon's settings, by section 2 of the CIS Docker Benchmark 1.6, each with its number and reason. */
export function dockerDaemon({ openFiles = 65_536, gvisor }: DockerSpec): BundleEntry[] {
  const settings = {
    // 2.2: containers on the default bridge do not talk to each other; ours have networks of their own.
    icc: false,
    // 2.3: what the daemon does can be read afterwards.
    "log-level": "info",
    // 2.4: Docker's own chains keep networks apart.
    iptables: true,
    // 2.8: a process may open many files, and not all of them. One that dies leaves no copy of its memory, and of the
    // secrets in it, in a volume: a container that is not the estate's has the daemon's own limit otherwise, which is none.
    "default-ulimits": {
      core: { Name: "core", Soft: 0, Hard: 0 },
      nofile: { Name: "nofile", Soft: Math.min(4096, openFiles), Hard: openFiles },
      nproc: { Name: "nproc", Soft: 4096, Hard: 8192 },
    },
    // A port is published to this machine alone where nobody names an address; Docker heeds it on its own bridge only,
    // so the machine's rules say it too.
    ip: "127.0.0.1",
    // 2.13: a full disk stops everything, so the logs of one container have an end.
    "log-driver": "json-file",
    "log-opts": { "max-size": "10m", "max-file": "3" },
    // 2.14: an upgrade of the daemon does not stop containers.
    "live-restore": true,
    // 2.15: published ports by the kernel's rules, which see the real sender.
    "userland-proxy": false,
    // 2.17: a program that is allowed to become somebody else does not.
    "no-new-privileges": true,
    // Metrics, swarm and plugins that try things out have no user here (2.18).
    experimental: false,
    ...(gvisor !== undefined && {
      runtimes: { [GVISOR]: { path: GVISOR_PROGRAM, runtimeArgs: GVISOR_ARGUMENTS[gvisor] } },
    }),
  };
  return [
    entry("/etc/docker/daemon.json", `${JSON.stringify(settings, null, 2)}\n`, {
      check: "dockerd",
      guarded: true,
      actions: ["5:docker"],
    }),
  ];
}
