import * as pulumi from "@pulumi/pulumi";
import type { DockerSettings } from "../host/docker-host.ts";
import { hostCommand } from "../host/host-command.ts";
import type { HardenedContainer } from "./hardened-container.ts";
import { pidLimitsScript } from "./host-scripts.ts";
import type { LimitedContainer } from "./host-scripts.ts";

export interface PidLimitsArgs {
  readonly docker: pulumi.Input<DockerSettings>;
  readonly limits: readonly LimitedContainer[];
  /** The containers behind the limits: a new one gets its limit as soon as it runs. */
  readonly containers: readonly HardenedContainer[];
}

/**
 * PID limits and CPU quotas of a host's containers, applied and read back from the kernel by one command: the Docker
 * provider has no argument for the first, and never changes the second on a container that exists. Those of a container
 * with a `cgroupParent` are only read back: the parent carries the first, another quota replaces the container. Docker
 * keeps both over restarts of container, daemon and machine.
 */
export class PidLimits extends pulumi.ComponentResource {
  constructor(name: string, args: PidLimitsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:container:PidLimits", name, {}, opts);
    const text = pidLimitsScript(args.limits);
    const triggers = args.containers.map((container) => container.containerId);
    hostCommand(`${name}-command`, args.docker, { text, triggers, endsByItself: true }, { parent: this });
    this.registerOutputs({ limits: Object.fromEntries(args.limits.map(({ container, pids }) => [container, pids])) });
  }
}
