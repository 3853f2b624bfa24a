import { isWaived } from "../container/posture.ts";
import type { HostSpec } from "../host/bundle/host-spec.ts";
import type { Problem } from "../lib/problems.ts";
import { userOf } from "../services/service.ts";
import type { ServiceSpec } from "../services/service.ts";
import { configPath, setCommand } from "../lib/config-command.ts";

/**
 * Who of a machine would be somebody else there: the kernel knows numbers only. Whoever gets out of a container is the
 * person with its number, and two services of one number read each other's files and share their limits. Root is
 * everybody already, and each container that runs as root is asked why.
 */
export function userProblems(services: readonly ServiceSpec[], host?: HostSpec): Problem[] {
  const named = services.filter(({ user }) => user !== undefined && user.uid !== 0);
  return [...named.flatMap(departure), ...services.flatMap((one) => shared(one, services)), ...people(services, host)];
}

/** A user of its own is a departure. */
function departure(service: ServiceSpec): Problem[] {
  if (isWaived(service.waivers ?? [], "container.user")) return [];
  const expected = "no user of its own, or a waiver container.user";
  return [{ property: `services.${service.name}.user`, found: numbersOf(service), expected }];
}

/**
 * Where an image can run as nobody else, its waiver says with whom it shares the number; two containers of one image
 * share it for the one reason that both give.
 */
function shared(service: ServiceSpec, services: readonly ServiceSpec[]): Problem[] {
  const { uid } = userOf(service);
  if (service.user === undefined || uid === 0) return [];
  const reason = service.waivers?.find(({ id }) => id === "container.user")?.reason ?? "";
  const unnamed = services
    .filter((other) => other.name !== service.name && other.image !== service.image && userOf(other).uid === uid)
    .map(({ name }) => name)
    .filter((name) => !reason.split(/[^\w-]+/).includes(name));
  if (unnamed.length === 0) return [];
  return [
    {
      property: `services.${service.name}.user`,
      found: `${numbersOf(service)}, the number of ${unnamed.join(", ")} too`,
      expected: `no user of its own, or a waiver container.user whose reason names ${unnamed.join(", ")}`,
    },
  ];
}

/** A person's own group has the number of the person. */
function people(services: readonly ServiceSpec[], host: HostSpec | undefined): Problem[] {
  const users = (host?.users ?? []).filter(({ uid }) => uid !== 0);
  const taken = new Set(users.map(({ uid }) => uid));
  return users.flatMap(({ name, uid }) => {
    const same = services.filter((service) => numbers(service).includes(uid)).map((one) => one.name);
    if (same.length === 0) return [];
    const setting = ["host", ...(name === host?.access.deployer ? ["deployer"] : ["operators", name]), "uid"];
    return [
      {
        property: configPath(setting),
        found: `${String(uid)}, the number of the containers of ${same.join(", ")}`,
        expected: "a number of its own: who gets out of such a container would be this user, with sudo",
        fix: setCommand(setting, String(freeNumber(services, taken)), "int"),
      },
    ];
  });
}

/** Each person who asks gets another one. */
function freeNumber(services: readonly ServiceSpec[], taken: Set<number>): number {
  const containers = new Set(services.flatMap(numbers));
  let number = 2001;
  while (taken.has(number) || containers.has(number)) number += 1;
  taken.add(number);
  return number;
}

function numbers(service: ServiceSpec): number[] {
  const { uid, gid } = userOf(service);
  return [uid, gid];
}

function numbersOf(service: ServiceSpec): string {
  return numbers(service).join(":");
}
