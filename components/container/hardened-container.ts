import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../lib/problems.ts";
import type { Problem } from "../lib/problems.ts";
import { hardenedPosture } from "./posture.ts";
import type { PlacedContainer } from "./posture.ts";
import { waiverProblems } from "./waiver.ts";
import type { Waiver } from "./waiver.ts";

/** {@link PlacedContainer}, with the name on the host defaulting to the component's. */
export type HardenedContainerArgs = Omit<PlacedContainer, "containerName"> & { readonly containerName?: string };

/**
 * A container that is contained unless it says otherwise.
 *
 * It gets, without asking: a read-only root file system, no capabilities, no-new-privileges, a numeric non-root user,
 * only the networks it names, memory without swap, CPU and PID limits, sized `noexec,nosuid,nodev` tmpfs, capped logs,
 * a health check that the deployment waits for, an image by digest, an init process, its own IPC and cgroup namespaces
 * and restarts until it is stopped. A departure is a named waiver with reason, owner and expiry.
 *
 * The provider has no PID limit: `PidLimits` applies `pids` to a host's containers, and agent containers name a
 * `cgroupParent` that carries it from their first process on.
 *
 * Every argument is a plain value, so policies can judge all of them at preview.
 *
 * @example
 * ```ts
 * new HardenedContainer("valkey", {
 *   image: "docker.io/valkey/valkey@sha256:68677f85…",
 *   user: { uid: 20012, gid: 20012 },
 *   memory: 128, cpus: 0.25, pids: 64,
 *   writable: { "/data": volume("valkey-data") },
 *   health: exec(["valkey-cli", "ping"]),
 *   listens: [6379],
 *   networks: [{ name: "cache" }],
 * }, { provider });
 * ```
 */
export class HardenedContainer extends pulumi.ComponentResource {
  /** Id of the Docker container. */
  readonly containerId: pulumi.Output<string>;
  readonly containerName: string;
  /** The recorded departures, for policies and the waiver ledger. */
  readonly waivers: readonly Waiver[];

  constructor(name: string, args: HardenedContainerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:container:HardenedContainer", name, {}, opts);
    const placed: PlacedContainer = { ...args, containerName: args.containerName ?? name };
    refuse(`Container ${name}`, containerProblems(name, placed));

    const container = new docker.Container(`${name}-container`, hardenedPosture(name, placed), {
      parent: this,
      // An explicit name and static addresses cannot exist twice.
      deleteBeforeReplace: true,
    });
    this.containerId = container.id;
    this.containerName = placed.containerName;
    this.waivers = placed.waivers ?? [];
    this.registerOutputs({
      containerId: this.containerId,
      containerName: this.containerName,
      pids: placed.pids,
      waivers: this.waivers,
    });
  }
}

/** Everything about one container that can be judged without knowing its machine. */
export function containerProblems(name: string, container: PlacedContainer): Problem[] {
  const at = (field: string): string => `${name}.${field}`;
  const problems: Problem[] = [];
  const positive = (field: "memory" | "cpus" | "pids", unit: string): void => {
    const value = container[field];
    if (!(value > 0)) problems.push({ property: at(field), found: String(value), expected: `more than 0 ${unit}` });
  };
  positive("memory", "MiB");
  positive("cpus", "CPUs");
  positive("pids", "processes");
  if (!/@sha256:[0-9a-f]{64}$/.test(container.image)) {
    problems.push({ property: at("image"), found: container.image, expected: "repository@sha256:<64 hex digits>" });
  }
  if (container.agent === true && container.cgroupParent === undefined) {
    problems.push({ property: at("cgroupParent"), found: "nothing", expected: "a cgroup that carries the PID limit" });
  }
  if ((container.publishes ?? []).length > 0 && container.publishAddress === undefined) {
    problems.push({ property: at("publishAddress"), found: "nothing", expected: "the address to publish on" });
  }
  if (container.user.uid === 0 && !(container.waivers ?? []).some(({ id }) => id === "container.user")) {
    problems.push({ property: at("user"), found: "0 (root)", expected: "another user, or a waiver container.user" });
  }
  const ids = (container.waivers ?? []).map((waiver) => waiver.id);
  for (const [index, waiver] of (container.waivers ?? []).entries()) {
    for (const problem of waiverProblems(waiver)) {
      problems.push({
        property: at(`waivers.${waiver.id}`),
        found: problem,
        expected: "reason, owner and expiry date",
      });
    }
    if (ids.indexOf(waiver.id) !== index) {
      problems.push({ property: at(`waivers.${waiver.id}`), found: "twice", expected: "one waiver a rule" });
    }
  }
  return problems;
}
