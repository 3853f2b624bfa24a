import { namesDaemon } from "#containment/daemon-clients.ts";
import { powerOfAddedGroup, powerOfGroup } from "#containment/groups.ts";
import { dangerOf } from "#containment/host-path.ts";
import { isSystemCgroup, logFlaw, MOST_ATTEMPTS, ulimitExpected } from "#containment/limits.ts";
import { believesAnybody } from "#containment/certificates.ts";
import { flawOfHost, flawOfResolver } from "#containment/name-owners.ts";
import { powerOfMount, preloadedFrom, rightsGivenBy } from "#containment/planted-files.ts";
import { DAEMON_PORTS, FIRST_UNPRIVILEGED, isEveryAddress, SHELL_PORTS } from "#containment/ports.ts";
import { isSandboxed, labelExpected, profileWeakness, runtimeGives } from "#containment/profiles.ts";
import { debuggerIn, remoteShellIn } from "#containment/remote-shells.ts";
import { isOwnSysctl } from "#containment/sysctls.ts";
import type { Problem } from "../lib/problems.ts";
import { isChecked } from "./health.ts";
import { ATTEMPTS, logOf, restartOf } from "./lifetime.ts";
import { isWaived } from "./posture.ts";
import type { JoinedContainer } from "./posture.ts";
import { openedPorts } from "./published-ports.ts";
import type { WaiverId } from "./waiver.ts";

/** Garrison numbers services from here, so that no two on a host, and no person, share a uid. */
const FIRST_OWN_UID = 20_001;

/** One weakening: the rule it departs from, where, what, and what would be none. */
interface Departure {
  readonly waiver: WaiverId;
  readonly field: string;
  readonly found: string;
  readonly expected: string;
  /** Why no waiver allows it. */
  readonly never?: string;
}

/** What a container may be only under a waiver that it does not have. The rules of the policy pack find the same. */
export function departureProblems(name: string, container: JoinedContainer): Problem[] {
  return [
    ...users(container),
    ...mounts(container),
    ...devices(container),
    ...programs(container),
    ...ports(container),
    ...names(container),
    ...kernel(container),
    ...profiles(container),
    ...lifetime(container),
  ]
    .filter(({ waiver, never }) => never !== undefined || !isWaived(container.waivers ?? [], waiver))
    .map(({ field, found, expected, waiver, never }) => ({
      property: `${name}.${field}`,
      found,
      expected: never === undefined ? `${expected}, or a waiver ${waiver}` : `${expected}: ${never}`,
    }));
}

function users({ user: { uid, gid }, groupAdds = [] }: JoinedContainer): Departure[] {
  const found = `${uid}:${gid}`;
  const mainGroup = gid === 0 || uid === 0 ? undefined : powerOfGroup(String(gid));
  return [
    ...(uid === 0
      ? [{ waiver: "container.user", field: "user", found: "0 (root)", expected: "another user" } as const]
      : gid === 0
        ? [{ waiver: "container.user", field: "user", found, expected: "another group than root's" } as const]
        : uid > 0 && uid < FIRST_OWN_UID
          ? [{ waiver: "container.user", field: "user", found, expected: `a uid from ${FIRST_OWN_UID}` } as const]
          : []),
    ...(mainGroup === undefined ? [] : [groupDeparture("user.gid", String(gid), mainGroup)]),
    ...groupAdds.flatMap((group) => {
      const power = powerOfAddedGroup(group);
      return power === undefined ? [] : [groupDeparture("groupAdds", group, power)];
    }),
  ];
}

function groupDeparture(field: string, group: string, power: string): Departure {
  const found = group === power ? JSON.stringify(group) : `${JSON.stringify(group)}, which is ${power}`;
  return { waiver: "container.groups", field, found, expected: "a group of the container's own" };
}

function mounts({ writable, mounts: readOnly = {}, agent }: JoinedContainer): Departure[] {
  const binds = [
    ...Object.entries(readOnly).map(([path, source]) => ({ path, source, field: "mounts", readOnly: true })),
    ...Object.entries(writable).flatMap(([path, mount]) =>
      mount.type === "bind" ? [{ path, source: mount.source, field: "writable", readOnly: false }] : [],
    ),
  ];
  return [
    ...binds
      .filter(({ source }) => source.startsWith("/"))
      .flatMap((bind): Departure[] => {
        const field = `${bind.field}.${bind.path}`;
        const danger = dangerOf(bind.source, bind);
        if (danger !== undefined) {
          const told = { waiver: "container.sensitive-mounts", field, expected: "another source" } as const;
          const never = agent === true && danger.kind === "socket" ? "no waiver gives an agent a socket" : undefined;
          return [{ ...told, found: `${bind.source}: ${danger.what}`, ...(never !== undefined && { never }) }];
        }
        if (bind.readOnly) return [];
        const found = `${bind.source}, a path of the host`;
        return [{ waiver: "container.host-path", field, found, expected: "a volume, or `mounts`, which is read-only" }];
      }),
    ...[...binds.map(({ path }) => path), ...Object.keys(writable)].flatMap((path): Departure[] => {
      const power = powerOfMount(path);
      if (power === undefined) return [];
      return [
        { waiver: "container.planted-files", field: "mounts", found: `${path}: ${power}`, expected: "another path" },
      ];
    }),
  ];
}

function devices(container: JoinedContainer): Departure[] {
  const told = { waiver: "container.devices", expected: "none" } as const;
  const { devices: some = [], deviceCgroupRules = [], deviceRequests = [], gpus = "", runtime = "" } = container;
  // A path is no name of a runtime, which is said of the option itself.
  const given = runtime.includes("/") ? undefined : runtimeGives(runtime);
  return [
    ...some.map(({ hostPath }) => ({ ...told, field: "devices", found: hostPath })),
    ...deviceCgroupRules.map((rule) => ({ ...told, field: "deviceCgroupRules", found: JSON.stringify(rule) })),
    ...deviceRequests.map(({ driver = "any driver" }) => ({ ...told, field: "deviceRequests", found: driver })),
    ...(gpus === "" ? [] : [{ ...told, field: "gpus", found: gpus }]),
    ...departure(
      "container.devices",
      "runtime",
      given === undefined ? undefined : `${runtime}: ${given}`,
      told.expected,
    ),
  ];
}

/** What its commands and variables make of it. */
function programs(container: JoinedContainer): Departure[] {
  const { entrypoint = [], command = [], health, environment = {}, agent } = container;
  const lines = [
    { field: command.length > 0 ? "command" : "entrypoint", line: [...entrypoint, ...command].join(" ") },
    { field: "health.test", line: isChecked(health) ? health.test.join(" ") : "" },
  ];
  return [
    ...lines.flatMap(({ field, line }): Departure[] => [
      ...departure("container.remote-shell", field, remoteShellIn(line), "no server for shells"),
      ...departure("container.planted-files", field, rightsGivenBy(line), "no command that gives rights"),
    ]),
    ...Object.entries(environment).flatMap(([key, value]): Departure[] => [
      ...departure(
        "container.planted-files",
        `environment.${key}`,
        preloadedFrom(key, value, Object.keys(container.writable)),
        "a library of the image",
      ),
      ...departure("container.remote-shell", `environment.${key}`, debuggerIn(value), "no server for shells"),
      ...(namesDaemon(`${key}=${value}`) ? [daemon(`environment.${key}`, "the address of a daemon", agent)] : []),
    ]),
  ];
}

function ports(container: JoinedContainer): Departure[] {
  const opened = openedPorts(container);
  const told = { waiver: "container.published-ports", field: "publishes" } as const;
  const addresses = new Set(opened.map(({ ip }) => ip).filter(isEveryAddress));
  return [
    ...[...addresses].map((ip) => ({
      ...told,
      found: `${JSON.stringify(ip)}, every address`,
      expected: "one address of the machine",
    })),
    ...opened
      .filter(({ external }) => external < FIRST_UNPRIVILEGED)
      .map(({ external }) => ({ ...told, found: String(external), expected: `${FIRST_UNPRIVILEGED} or more` })),
    ...opened
      .filter(({ internal }) => SHELL_PORTS.has(internal))
      .map(({ internal }) => ({
        waiver: "container.remote-shell" as const,
        field: "publishes",
        found: `${internal}, a port of remote shells`,
        expected: "no such port",
      })),
    ...opened
      .filter(({ internal, external }) => DAEMON_PORTS.has(internal) || DAEMON_PORTS.has(external))
      .map(() => daemon("publishes", "a port of the Docker daemon", container.agent)),
  ];
}

function daemon(field: string, found: string, agent = false): Departure {
  const told = { waiver: "container.docker-api", field, found, expected: "none" } as const;
  return agent ? { ...told, never: "no waiver gives an agent a daemon" } : told;
}

function names({ hosts = {}, resolvers = [], ownResolvers = [], environment = {} }: JoinedContainer): Departure[] {
  const told = { waiver: "container.name-resolution" } as const;
  return [
    ...Object.entries(environment).flatMap(([key, value]): Departure[] =>
      believesAnybody(key, value)
        ? [{ ...told, field: `environment.${key}`, found: value, expected: "certificates that are looked at" }]
        : [],
    ),
    ...Object.entries(hosts).flatMap(([host, address]): Departure[] => {
      const flaw = flawOfHost(host, address);
      const expected = "the address that the name's owner publishes";
      return flaw === undefined ? [] : [{ ...told, field: `hosts.${host}`, found: `${address}: ${flaw}`, expected }];
    }),
    ...resolvers.flatMap((address): Departure[] => {
      const flaw = flawOfResolver(address, ownResolvers);
      const expected = "one of your own network or a public one";
      return flaw === undefined ? [] : [{ ...told, field: "resolvers", found: `${address}: ${flaw}`, expected }];
    }),
  ];
}

function kernel({ sysctls = {}, ulimits = {}, cgroupParent }: JoinedContainer): Departure[] {
  return [
    ...Object.entries(sysctls)
      .filter(([parameter, value]) => !isOwnSysctl(parameter, value))
      .map(([parameter, value]) => ({
        waiver: "container.sysctls" as const,
        field: `sysctls.${parameter}`,
        found: JSON.stringify(value),
        expected: "a parameter of the container's own sockets or IPC",
      })),
    // The soft limit is not above the hard one.
    ...Object.entries(ulimits).flatMap(([limit, values]): Departure[] => {
      const expected = ulimitExpected(limit, values[1]);
      const field = `ulimits.${limit}`;
      return expected === undefined
        ? []
        : [{ waiver: "container.ulimits", field, found: JSON.stringify(values), expected }];
    }),
    ...(cgroupParent !== undefined && isSystemCgroup(cgroupParent)
      ? departure("container.cgroup-parent", "cgroupParent", cgroupParent, "a group that the program prepares")
      : []),
  ];
}

function profiles({ profiles: given = {}, runtime = "" }: JoinedContainer): Departure[] {
  const told = (kind: "seccomp" | "apparmor"): Departure[] => {
    const profile = given[kind];
    const weakness = profile === undefined ? undefined : profileWeakness(kind, profile, isSandboxed(runtime));
    return departure("container.security-profiles", `profiles.${kind}`, weakness, "Docker's own, or a stricter one");
  };
  return [
    ...told("seccomp"),
    ...told("apparmor"),
    ...(given.label ?? []).flatMap((label) => {
      const expected = labelExpected(label);
      return departure("container.security-profiles", "profiles.label", expected && label, expected ?? "");
    }),
  ];
}

function lifetime(container: JoinedContainer): Departure[] {
  const { health, writable, job = false, maxRetryCount = ATTEMPTS } = container;
  const restart = restartOf(container);
  const { logDriver, logOpts } = logOf(container);
  // Where it may go at all is said of the option itself.
  const flaw = logFlaw(logDriver, logOpts);
  const unwatched = restart === "unless-stopped" && !isChecked(health);
  const endless = restart === "on-failure" && !(maxRetryCount >= 1 && maxRetryCount <= MOST_ATTEMPTS);
  return [
    ...(job || isChecked(health)
      ? []
      : departure("container.health-check", "health", JSON.stringify(health), "a command that tells whether it works")),
    ...(restart === "always" || unwatched
      ? departure(
          "container.restart",
          "restart",
          unwatched ? `${restart}, without a health check` : restart,
          '"on-failure", or "unless-stopped" with a health check',
        )
      : []),
    ...(endless ? departure("container.restart", "maxRetryCount", String(maxRetryCount), `1 to ${MOST_ATTEMPTS}`) : []),
    ...departure("container.logs", "logDriver", flaw === "sent in clear" ? undefined : flaw, "a log with an end"),
    ...Object.entries(writable).flatMap(([path, mount]) =>
      mount.type === "tmpfs" && mount.exec === true
        ? departure("container.tmpfs", `writable.${path}.exec`, "true", "no programs that run in it")
        : [],
    ),
  ];
}

function departure(waiver: WaiverId, field: string, found: string | undefined, expected: string): Departure[] {
  return found === undefined ? [] : [{ waiver, field, found, expected }];
}
