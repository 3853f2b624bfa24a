import type { Problem } from "../lib/problems.ts";
import type { ContainerNetwork, JoinedContainer } from "./posture.ts";
import type { TmpfsMount, User, VolumeMount } from "./facts.ts";
import type { Health } from "./health.ts";
import type { Waiver } from "./waiver.ts";

type Keys<T> = Readonly<Record<keyof T, true>>;

/** What a container can be told; the compiler keeps the list whole, and looks at literals only. */
const OPTIONS: Keys<JoinedContainer> = {
  agent: true,
  aliases: true,
  cgroupParent: true,
  command: true,
  containerName: true,
  cpus: true,
  entrypoint: true,
  environment: true,
  health: true,
  hostname: true,
  hosts: true,
  image: true,
  init: true,
  labels: true,
  listens: true,
  memory: true,
  mounts: true,
  networks: true,
  pids: true,
  publishAddress: true,
  publishes: true,
  resolvers: true,
  startSeconds: true,
  stopSeconds: true,
  ulimits: true,
  user: true,
  waivers: true,
  writable: true,
};
const USER: Keys<User> = { uid: true, gid: true };
const HEALTH: Keys<Health> = { test: true, interval: true, timeout: true, retries: true, startPeriod: true };
const NETWORK: Keys<ContainerNetwork> = { name: true, address: true };
const WAIVER: Keys<Waiver> = { id: true, reason: true, owner: true, expires: true, add: true };
const WRITABLE: Keys<VolumeMount & TmpfsMount> = { type: true, volume: true, size: true, mode: true };

/** Options that would be dropped without a word: from JavaScript, or from an object that was spread. */
export function optionProblems(name: string, container: JoinedContainer): Problem[] {
  const { user, health, networks, waivers = [], writable } = container;
  return [
    ...unknown(name, container, OPTIONS),
    ...unknown(`${name}.user`, user, USER),
    ...unknown(`${name}.health`, health, HEALTH),
    ...networks.flatMap((network, index) => unknown(`${name}.networks.${String(index)}`, network, NETWORK)),
    ...waivers.flatMap((waiver) => unknown(`${name}.waivers.${waiver.id}`, waiver, WAIVER)),
    ...Object.entries(writable).flatMap(([path, mount]) => unknown(`${name}.writable.${path}`, mount, WRITABLE)),
  ];
}

/** What of an object is a container's: a service is more. */
export function containerOptions<T extends object>(from: T): Pick<T, keyof T & keyof JoinedContainer> {
  const known = Object.entries(from).filter(([key]) => Object.hasOwn(OPTIONS, key));
  return Object.fromEntries(known) as Pick<T, keyof T & keyof JoinedContainer>;
}

function unknown(property: string, given: object, known: Readonly<Record<string, true>>): Problem[] {
  return Object.entries(given)
    .filter(([key, value]) => value !== undefined && !Object.hasOwn(known, key))
    .map(([key]) => ({
      property: `${property}.${key}`,
      found: "an unknown option",
      expected: `one of ${Object.keys(known).join(", ")}`,
    }));
}
