import { exampleId, of, resource } from "#lib/azure-examples.ts";
import { profileOf } from "#lib/azure-resources.ts";
import { azure } from "#lib/azure-types.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";

export const rule: Rule = {
  id: "azure.routing",
  title: "No machine and no peering passes on what somebody else sent.",
  severity: "medium",
  level: "advisory",
  references: [],
  why: "Whoever takes over a machine that may forward poses as any address of the network, and reaches what the machine reaches.",
  fix: "Remove `enableIPForwarding` or `allowForwardedTraffic`, unless the machine is a router or a firewall.",
  waivable: "by-configuration",
  types: [azure.networkInterface, azure.scaleSet, azure.peering],
  check: (one) => {
    if (one.type === azure.networkInterface) return switchedOn(one.properties, "enableIPForwarding");
    if (one.type === azure.peering) return switchedOn(one.properties, "allowForwardedTraffic");
    return profileOf(one)
      .object("networkProfile")
      .objects("networkInterfaceConfigurations")
      .flatMap((card) => switchedOn(card, "enableIPForwarding"));
  },
  examples: {
    good: [of("No forwarding", card("rg-card", false)), of("A peering of two networks", peering("rg-peering", false))],
    bad: [
      of("A machine that may forward", card("rb-card", true)),
      of("A peering that does", peering("rb-peering", true)),
    ],
  },
};

function switchedOn(properties: Properties, name: string): Finding[] {
  return properties.flag(name) === true ? [{ property: properties.path(name), found: "true", expected: "false" }] : [];
}

function card(name: string, enableIPForwarding: boolean) {
  return resource(azure.networkInterface, name, { networkInterfaceName: name, enableIPForwarding });
}

function peering(name: string, allowForwardedTraffic: boolean) {
  return resource(azure.peering, name, {
    virtualNetworkName: "example",
    virtualNetworkPeeringName: name,
    remoteVirtualNetwork: { id: exampleId("Microsoft.Network/virtualNetworks/other") },
    allowForwardedTraffic,
  });
}
