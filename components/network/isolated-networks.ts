import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedNetwork } from "./plan-networks.ts";

export interface IsolatedNetworksArgs {
  readonly networks: readonly PlannedNetwork[];
  /** Prefix of the names on the host. */
  readonly estate: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Declares the planned networks on one Docker host. */
export class IsolatedNetworks extends pulumi.ComponentResource {
  /** Name on the host, by the same name: an output, so that a container that uses it is known to need the network. */
  readonly names: ReadonlyMap<string, pulumi.Output<string>>;

  constructor(name: string, args: IsolatedNetworksArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:network:IsolatedNetworks", name, {}, opts);
    const declare = (network: PlannedNetwork): readonly [string, pulumi.Output<string>] => {
      const hostName = `${args.estate}-${network.name}`;
      const resource = new docker.Network(
        `${name}-${network.name}`,
        {
          name: hostName,
          driver: "bridge",
          internal: network.internal,
          ipv6: false,
          ipamConfigs: [{ subnet: network.subnet, gateway: network.gateway }],
          options: bridgeOptions(network),
          labels: Object.entries(args.labels).map(([label, value]) => ({ label, value })),
        },
        { parent: this, deleteBeforeReplace: true },
      );
      return [hostName, resource.name];
    };
    this.names = new Map(args.networks.map(declare));
    this.registerOutputs({ networks: args.networks });
  }
}

/** Members of an egress network have no business with each other. */
export function bridgeOptions(network: PlannedNetwork): Record<string, string> {
  return {
    "com.docker.network.bridge.name": network.bridge,
    ...(!network.internal && { "com.docker.network.bridge.enable_icc": "false" }),
  };
}
