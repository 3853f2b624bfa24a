import { hostProblems } from "../host/bundle/host-problems.ts";
import type { HostDefinition, HostSpec, HostUser } from "../host/bundle/host-spec.ts";
import { sshTarget } from "../host/docker-host.ts";
import type { DockerSettings } from "../host/docker-host.ts";
import { connectionProblems } from "../host/host.ts";
import { setCommand } from "../lib/config-command.ts";
import type { Problem } from "../lib/problems.ts";
import type { HostSettings } from "../settings/host.ts";
import type { Settings } from "../settings/settings.ts";

export interface HostInput {
  readonly settings: Pick<Settings, "docker" | "estate" | "lab" | "lan" | "network" | "resources"> & {
    readonly host: HostSettings;
  };
  /** What the machine's own programs need. @default nothing beyond Docker */
  readonly host?: HostDefinition | undefined;
  /** Whether containers run here that need gVisor. @default false */
  readonly agents?: boolean;
}

/** A machine's own configuration, from its definition and its settings. */
export function planHost({ settings, host = {}, agents = false }: HostInput): HostSpec {
  const { open = [], ...programs } = host;
  const { openFiles } = settings.resources;
  const { name, deployer, operators, operatorsFrom, deployerFrom, estate, timeServers, confirmSeconds } = settings.host;
  const people = Object.entries(operators).map(([person, { uid, keys }]): HostUser => ({
    name: person,
    uid,
    keys,
    groups: ["sudo"],
    sudo: true,
  }));
  const deploying: HostUser = {
    name: deployer.name,
    uid: deployer.uid,
    // One user where an operator deploys.
    keys: [...deployer.keys, ...(operators[deployer.name]?.keys ?? [])],
    groups: ["docker", "sudo"],
    sudo: true,
  };
  return {
    ...programs,
    host: name,
    access: {
      port: sshPortOf(settings.docker),
      deployer: deployer.name,
      operators: Object.keys(operators),
      operatorsFrom,
      deployerFrom,
      estate,
    },
    users: [deploying, ...people.filter((person) => person.name !== deployer.name)],
    networks: {
      containers: settings.network,
      ...Object.fromEntries(settings.lan.map((block, index) => [`lan-${String(index + 1)}`, block])),
    },
    firewall: { open, estates: [settings.estate] },
    docker: {
      ...(openFiles !== undefined && { openFiles }),
      // A lab has Debian's packages only.
      ...(agents && { gvisor: settings.lab ? "debian" : "release" }),
    },
    // A system container has neither a kernel audit nor a clock of its own.
    audit: !settings.lab,
    clock: !settings.lab,
    confirmSeconds,
    ...(timeServers !== undefined && { timeServers }),
  };
}

function sshPortOf(docker: DockerSettings): number {
  return docker.host.startsWith("ssh://") ? Number(sshTarget(docker).port) : 22;
}

type From = "operatorsFrom" | "deployerFrom";

/** Which setting a part of the specification comes from. */
const SETTINGS: readonly (readonly [part: RegExp, setting: string])[] = [
  [/^access\./, "garrison:host."],
  [/^users\./, "garrison:host.operators."],
  [/^networks\.lan-\d+$/, "garrison:lan"],
  [/^networks\.containers$/, "garrison:network"],
  [/^timeServers$/, "garrison:host.timeServers"],
];

/** What is wrong with a machine's configuration, by the settings that it comes from. */
export function hostSettingProblems(spec: HostSpec, docker: DockerSettings): Problem[] {
  return [...hostProblems(spec), ...connectionProblems(docker, spec)].map((problem) => {
    const [part, setting] = SETTINGS.find(([known]) => known.test(problem.property)) ?? [/^/, ""];
    const from = /^access\.(operatorsFrom|deployerFrom)$/.exec(problem.property)?.[1] as From | undefined;
    return {
      ...problem,
      property: problem.property.replace(part, setting),
      ...(from !== undefined && { fix: setCommand(["host", from, spec.access[from].length], "<address>") }),
    };
  });
}
