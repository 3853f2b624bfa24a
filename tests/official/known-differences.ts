import type { KnownDifference } from "../support/official/comparison.ts";

/** Inputs of which the official plugin keeps the last value where a program stops giving one. */
const keptInNetworks = ["driver", "internal", "ipamConfigs", "ipv6", "name", "options"];
const keptInContainers = [
  ...["command", "entrypoints", "envs", "healthcheck", "hostname", "init", "ipcMode", "labels", "logDriver"],
  ...["name", "privileged", "readOnly", "runtime", "securityOpts", "stopTimeout", "user", "wait"],
];
const kept = { reason: "the lab makes it anew without the value, where the official plugin keeps what was there" };

/** Where the lab's plugins answer otherwise than the official ones. One that no longer occurs is an error. */
export const knownDifferences: readonly KnownDifference[] = [
  ...each("command.Command", "Preview", ["archive", "assets"], {
    reason: "the lab shows them as not known before the update; it collects no files, and the estate reads neither",
  }),
  ...each("command.Command", "Diff", ["logging changed"], {
    reason: "the lab's Check refuses a word that the schema does not name; the official plugin takes any",
  }),
  ...each("command.Command", "Diff", ["triggers changed", "triggers turned round"], {
    reason:
      "1.2.1 updates for an element of the list; the SDK has the engine replace for both, as the lab does by itself",
  }),
  ...each("docker.Network", "Diff", takenAway(keptInNetworks), kept),
  ...each("docker.Volume", "Diff", takenAway(["name"]), kept),
  ...each("docker.Container", "Diff", takenAway(keptInContainers), kept),
  ...each("docker.Container", "Diff", ["mounts changed"], {
    reason:
      "where a part of one mount changes, the official plugin reports an update and changes nothing; the lab makes it anew",
  }),
];

function takenAway(names: readonly string[]): string[] {
  return names.map((name) => `${name} taken away`);
}

function each(
  type: KnownDifference["type"],
  call: KnownDifference["call"],
  paths: readonly string[],
  { reason }: Pick<KnownDifference, "reason">,
): KnownDifference[] {
  return paths.map((path) => ({ type, call, path, reason }));
}
