import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../lib/problems.ts";
import type { Problem } from "../lib/problems.ts";
import { containerProblems } from "./container-problems.ts";
import { networkFlaw } from "./container-values.ts";
import { readOnce } from "./given.ts";
import { hardenedPosture } from "./posture.ts";
import type { JoinedContainer } from "./posture.ts";
import type { Waiver } from "./waiver.ts";

/** {@link JoinedContainer}, with the name on the host defaulting to the component's. */
export type HardenedContainerArgs = Omit<JoinedContainer, "containerName"> & { readonly containerName?: string };

/** Debian 12's gVisor changes no limit of a sandbox that runs: it has no `runsc update`. */
const AGENT_LIMITS = ["memory", "memorySwap", "cpuQuota", "cpuPeriod"];

/**
 * A container that is contained unless it says otherwise.
 *
 * It gets, without asking: a read-only root file system, no capabilities, no-new-privileges, a numeric non-root user,
 * only the networks it names, memory without swap, CPU and PID limits, no core files, sized `noexec,nosuid,nodev` tmpfs, capped logs,
 * a health check that the deployment waits for, an image by digest, an init process, its own IPC and cgroup namespaces
 * and restarts until it is stopped. A departure is a named waiver with reason, owner and expiry; what the policy pack finds
 * on a container is refused here too, and so is an option that it does not have. `docs/reference/container.md` says for
 * every input of the official container how it is said.
 *
 * The provider has no PID limit: `PidLimits` applies `pids` to a host's containers, and agent containers name a
 * `cgroupParent` that carries it from their first process on.
 *
 * Every argument is a plain value, so policies can judge all of them at preview; only a network's name may be the output
 * of the network, which then is replaced together with its containers.
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
    const given = readOnce(args);
    const placed: JoinedContainer = { ...given, containerName: given.containerName ?? name };
    // Before anything is registered: the SDK listens for the engine as soon as it is given a transform.
    refuse(`Container ${name}`, [...changeProblems(name, opts), ...containerProblems(name, placed)]);
    super("garrison:container:HardenedContainer", name, {}, opts);

    const networks = placed.networks.map((own) => ({ ...own, name: networkName(name, own.name) }));
    const container = new docker.Container(`${name}-container`, hardenedPosture(name, { ...placed, networks }), {
      parent: this,
      // An explicit name and static addresses cannot exist twice.
      deleteBeforeReplace: true,
      // Docker cannot change these on a container that exists, and the provider would not say so: it reports an update
      // and leaves them (run on the official plugin; of `mounts`, where a part of one mount changes).
      replaceOnChanges: [
        ...["healthcheck", "init", "mounts", "tmpfs"],
        ...(placed.agent === true ? AGENT_LIMITS : []),
        // A service that becomes a job has to run as one.
        ...(placed.job === true ? ["attach"] : []),
      ],
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

/** What changes a container after it was judged. The engine asks them for the children too. */
function changeProblems(name: string, opts: pulumi.ComponentResourceOptions): Problem[] {
  return (["transforms", "transformations"] as const)
    .filter((option) => (opts[option] ?? []).length > 0)
    .map((option) => ({ property: `${name}.opts.${option}`, found: "functions", expected: "options and waivers" }));
}

/** A name that comes later is looked at when it does. */
function networkName(container: string, name: pulumi.Input<string>): pulumi.Input<string> {
  if (typeof name === "string") return name;
  return pulumi.output(name).apply((known) => {
    const found = networkFlaw(known);
    const expected = "a network of its own";
    refuse(
      `Container ${container}`,
      found === undefined ? [] : [{ property: `${container}.networks`, found, expected }],
    );
    return known;
  });
}
