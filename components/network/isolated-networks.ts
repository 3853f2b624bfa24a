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
  constructor(name: string, args: IsolatedNetworksArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:network:IsolatedNetworks", name, {}, opts);
    for (const network of args.networks) {
      new docker.Network(
        `${name}-${network.name}`,
        {
          name: `${args.estate}-${network.name}`,
          driver: "bridge",
          internal: network.internal,
          ipv6: false,
          ipamConfigs: [{ subnet: network.subnet, gateway: network.gateway }],
          options: bridgeOptions(network),
          labels: Object.entries(args.labels).map(([label, value]) => ({ label, value })),
        },
        { parent: this, deleteBeforeReplace: true },
      );
    }
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
