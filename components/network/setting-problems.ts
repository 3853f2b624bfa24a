import type { Problem } from "../lib/problems.ts";
import { removeCommand, setCommand } from "../lib/config-command.ts";
import { bridgeOf } from "../settings/docker.ts";
import type { Settings } from "../settings/settings.ts";
import { isPublic, notAResolver } from "./address.ts";
import { holdsLoopback, overlapping } from "./address-set.ts";

export type AddressSettings = Pick<Settings, "network" | "lan" | "resolvers" | "publish"> & {
  /** @default Docker's own */
  readonly docker?: Pick<Settings["docker"], "bridge">;
};

/** Addresses in the settings that would lead containers to the wrong place, or that Docker would refuse later. */
export function settingProblems(settings: AddressSettings): Problem[] {
  const { network, publish } = settings;
  return [
    ...neighbourProblems(settings),
    ...settings.lan.flatMap((block, index) => lanProblems(block, index, settings)),
    ...settings.resolvers.flatMap((address, index) => resolverProblems(address, index, settings)),
    ...(isPublic(publish.address)
      ? [addressProblem(`${publish.address}, a public address`)]
      : overlapping(network, publish.address)
        ? [addressProblem(`${publish.address}, which is in ${network}, the containers' own block`)]
        : []),
  ];
}

/** What is around the machine, and the bridge that its daemon always has. */
function neighbourProblems({ docker = {}, network, lan }: AddressSettings): Problem[] {
  const neighbours = [
    ...lan.map((block) => [block, "garrison:lan"] as const),
    [bridgeOf(docker), "Docker's own bridge"] as const,
  ];
  const free = freeBlock(neighbours.map(([block]) => block));
  return neighbours
    .filter(([block]) => overlapping(network, block))
    .map(([block, whose]) => ({
      property: "garrison:network",
      found: `${network}, which overlaps ${block} of ${whose}`,
      expected: "a block of its own: addresses in both would lead to one of the two only",
      fix: setCommand(["network"], free),
    }));
}

function lanProblems(block: string, index: number, { docker = {}, network }: AddressSettings): Problem[] {
  const property = "garrison:lan";
  // Told of the network already.
  if (overlapping(network, block)) return [];
  if (holdsLoopback(block)) {
    const expected = "a block around the machine: loopback is within it";
    return [{ property, found: `${block}, with loopback addresses`, expected, fix: removeCommand(["lan", index]) }];
  }
  const bridge = bridgeOf(docker);
  if (!overlapping(block, bridge)) return [];
  return [
    {
      property,
      found: `${block}, which overlaps ${bridge} of Docker's own bridge`,
      expected:
        "the daemon's bridge elsewhere (bip in its daemon.json), and here what `docker network inspect bridge` says then",
      fix: setCommand(["docker", "bridge"], freeBlock([block, bridge], 24)),
    },
  ];
}

function resolverProblems(address: string, index: number, { docker = {}, network }: AddressSettings): Problem[] {
  const wrong = overlapping(network, address)
    ? `an address in the estate's own block ${network}`
    : overlapping(bridgeOf(docker), address)
      ? `an address of Docker's own bridge, which is the host itself`
      : notAResolver(address);
  if (wrong === undefined) return [];
  return [
    {
      property: "garrison:resolvers",
      found: `${address}, ${wrong}`,
      expected: "name servers that are neither on the host nor in its containers",
      fix: setCommand(["resolvers", index], index === 0 ? "9.9.9.9" : "149.112.112.112"),
    },
  ];
}

function addressProblem(found: string): Problem {
  return {
    property: "garrison:publish.address",
    found,
    expected: "a loopback or private address: what is published is for neighbours, not for the internet",
    fix: setCommand(["publish", "address"], "127.0.0.1"),
  };
}

/** A private block that is clear of all of these. */
function freeBlock(taken: readonly string[], prefix = 16): string {
  const blocks = Array.from({ length: 256 }, (_, index) => `10.${String((77 + index) % 256)}.0.0/${String(prefix)}`);
  const others = [`172.31.0.0/${String(prefix)}`, `192.168.0.0/${String(prefix)}`];
  const free = [...blocks, ...others].find((block) => !taken.some((other) => overlapping(block, other)));
  return free ?? "<another private block>";
}
