import * as pulumi from "@pulumi/pulumi";
import type { DockerSettings } from "../host/docker-host.ts";
import { hostCommand } from "../host/host-command.ts";
import { CLOSED_BLOCKS } from "./closed-blocks.ts";
import { firewallScript } from "./firewall-script.ts";
import { tableOf } from "./render-rules.ts";
import type { RulesInput } from "./render-rules.ts";

export interface HostFirewallArgs extends RulesInput {
  readonly docker: pulumi.Input<DockerSettings>;
}

/**
 * What Docker does not give: containers reach of the host, of each other and of the world only what a flow wants. One
 * nftables table of the estate's own, in place before its first container starts and gone after its last one.
 */
export class HostFirewall extends pulumi.ComponentResource {
  constructor(name: string, args: HostFirewallArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:firewall:HostFirewall", name, {}, opts);
    const { stdout } = hostCommand(`${name}-command`, args.docker, { text: firewallScript(args) }, { parent: this });
    this.registerOutputs({
      table: tableOf(args.estate),
      fingerprint: stdout,
      closed: Object.keys(CLOSED_BLOCKS),
    });
  }
}
