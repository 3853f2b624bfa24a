import type { HostSpec } from "#components/host/bundle/host-spec.ts";

export const operatorKey = `ssh-ed25519 ${"A".repeat(68)} operator`;
export const deployerKey = `ssh-ed25519 ${"B".repeat(68)} deployer`;

/** A machine with a bit of everything, in order. */
export function aHost(changes: Partial<HostSpec> = {}): HostSpec {
  return {
    host: "web",
    access: {
      operators: ["ops"],
      deployer: "deploy",
      operatorsFrom: ["198.51.100.0/24"],
      deployerFrom: ["203.0.113.7"],
      estate: ["192.0.2.10"],
    },
    users: [
      { name: "ops", uid: 1500, groups: ["sudo"], keys: [operatorKey], sudo: true },
      { name: "deploy", uid: 1501, groups: ["docker"], keys: [deployerKey], sudo: true },
    ],
    networks: { lan: "192.0.2.0/24", containers: "10.77.0.0/16" },
    firewall: { open: [{ port: 443, protocol: "tcp", from: ["0.0.0.0/0"], why: "the sites" }] },
    units: [
      {
        name: "backup.service",
        unit: { Description: "Copy the volumes away" },
        service: { Type: "oneshot", ExecStart: "/usr/local/lib/garrison/backup" },
      },
      {
        name: "backup.timer",
        unit: { Description: "Every night" },
        timer: { OnCalendar: "*-*-* 02:30:00", Persistent: "yes" },
        install: { WantedBy: "timers.target" },
      },
    ],
    files: [{ path: "/usr/local/lib/garrison/backup", content: "#!/bin/sh\nexit 0\n", mode: "0755", check: "sh" }],
    docker: {},
    nginx: {
      sites: { main: "server { listen 80; server_name example.org; return 301 https://$host$request_uri; }\n" },
    },
    ...changes,
  };
}
