import * as pulumi from "@pulumi/pulumi";
import type { DockerSettings } from "../host/docker-host.ts";
import { hostCommand } from "../host/host-command.ts";
import { prepareScript } from "./host-scripts.ts";
import type { ContainerUser, LimitedCgroup, OwnedVolume } from "./host-scripts.ts";
import type { CgroupDriver } from "./pid-cgroup.ts";

export interface PreparedHostArgs {
  readonly estate: string;
  readonly docker: pulumi.Input<DockerSettings>;
  /** What the daemon has to use; checked against it. */
  readonly cgroupDriver: CgroupDriver;
  /** Volumes that must exist and be given to their users before a container starts. */
  readonly volumes: readonly OwnedVolume[];
  readonly cgroups: readonly LimitedCgroup[];
  /** Runtimes that the daemon must know. @default Docker's own */
  readonly runtimes?: readonly string[];
  /** Whom containers run as: an account of the host with such a number is refused. @default nobody is looked for */
  readonly users?: readonly ContainerUser[];
}

/** What has to be in place on a host before its first container starts; one idempotent command. */
export class PreparedHost extends pulumi.ComponentResource {
  constructor(name: string, args: PreparedHostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:container:PreparedHost", name, {}, opts);
    const { estate, cgroupDriver, volumes, cgroups, runtimes, users } = args;
    const text = prepareScript(estate, cgroupDriver, volumes, cgroups, runtimes, users);
    hostCommand(`${name}-command`, args.docker, { text }, { parent: this });
    this.registerOutputs({ cgroups });
  }
}
