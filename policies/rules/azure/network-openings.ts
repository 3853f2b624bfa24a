import { exampleId, of, resource } from "#lib/azure-examples.ts";
import { openingsOfFirewall } from "#lib/azure-firewall-rules.ts";
import { openingsOfAdminRules, openingsOfGroup, openingsOfSeparateRules } from "#lib/azure-groups.ts";
import type { Opening } from "#lib/azure-openings.ts";
import { isText, profileOf, referredTo } from "#lib/azure-resources.ts";
import { classicToken } from "#lib/azure-classic.ts";
import { azure, machineTypes } from "#lib/azure-types.ts";
import { ADMINISTRATION } from "#lib/ports.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Example, ExampleResource, Finding, Rule } from "#lib/rule.ts";

const EXPECTED = "the addresses that need it, or a refusal of the internet before it";

const BARE = {
  found: "a basic public address, with no security group before it",
  expected: "a security group on the interface or its subnet",
};

/** How @pulumi/azure puts a group before an interface or a subnet; which one it is shows only after the update. */
const ASSOCIATIONS = [
  "network/networkInterfaceSecurityGroupAssociation",
  "network/subnetNetworkSecurityGroupAssociation",
].map(classicToken);

const SSH = { priority: 100, direction: "Inbound", access: "Allow", protocol: "Tcp", destinationPortRange: "22" };
const FROM_ANYWHERE = { ...SSH, sourceAddressPrefix: "*", sourcePortRange: "*", destinationAddressPrefix: "*" };

export const rule: Rule = {
  id: "azure.network-openings",
  title: "No security group and no firewall opens SSH, RDP or every port to the internet.",
  severity: "critical",
  level: "mandatory",
  references: [],
  why: "A port for administrators is tried by everybody within minutes, and one weak password or one hole is the machine.",
  fix: "Name the addresses that need it in `sourceAddressPrefix`, or reach the machine through Bastion or a tunnel.",
  waivable: "by-configuration",
  types: [azure.securityGroup, azure.firewall, azure.firewallRules],
  looksAt: [
    azure.adminRule,
    ...[azure.networkInterface, azure.publicAddress, azure.securityRule, azure.subnet],
    ...[azure.inboundNatRule, azure.loadBalancer, ...machineTypes],
  ],
  check: ({ type, properties }, { settings }) =>
    (type === azure.securityGroup ? openingsOfGroup : openingsOfFirewall)(properties, settings.adminAddresses)
      .filter(({ grave }) => grave)
      .map(findingOf),
  checkStack: (stack, { settings }) => [
    ...[openingsOfSeparateRules, openingsOfAdminRules]
      .flatMap((openings) => openings(stack, settings.adminAddresses))
      .filter(({ grave }) => grave)
      .map((opening) => ({ urn: opening.urn, ...findingOf(opening) })),
    ...stack.ofType(azure.networkInterface).flatMap((one) => bareAddresses(one, stack)),
    ...machineTypes.flatMap((type) => stack.ofType(type)).flatMap((one) => bareInterfaces(one, stack)),
    ...translatedPorts(stack),
  ],
  examples: {
    good: [
      of("No rule: the group's own last rule refuses the rest", group("ng-empty", [])),
      oneRule("The web from anywhere", "ng-web", {
        destinationPortRange: undefined,
        destinationPortRanges: ["80", "443"],
      }),
      oneRule("SSH from the network", "ng-inside", { sourceAddressPrefix: "VirtualNetwork" }),
      {
        ...oneRule("SSH from the administrators' addresses", "ng-admins", { sourceAddressPrefix: "203.0.113.8/29" }),
        settings: { adminAddresses: ["203.0.113.0/24"] },
      },
      of(
        "An opening that a refusal before it covers",
        group("ng-shadowed", [
          { ...FROM_ANYWHERE, name: "open", priority: 300 },
          { ...FROM_ANYWHERE, name: "shut", priority: 200, access: "Deny", sourceAddressPrefix: "Internet" },
        ]),
      ),
      of(
        "A refusal in a resource of its own",
        group("ng-apart", []),
        separate("ng-apart", "apart-open", { priority: 300 }),
        separate("ng-apart", "apart-shut", { priority: 200, access: "Deny", destinationPortRange: "*" }),
      ),
      of("The web by a firewall", firewall("ng-firewall", { destinationPorts: ["443"], translatedPort: "8443" })),
      of("SSH by a firewall, for one office", firewall("ng-office", { sourceAddresses: ["203.0.113.7"] })),
      of("SSH within the network, by a network manager", adminRule("ng-admin", "10.0.0.0/8")),
    ],
    bad: [
      of("SSH by a firewall", firewall("nb-firewall", {})),
      of("SSH by a rule of a network manager", adminRule("nb-admin", "*")),
      oneRule("SSH from anywhere", "nb-ssh", {}),
      oneRule("RDP in a range", "nb-range", { destinationPortRange: "3000-4000" }),
      oneRule("One of several ports", "nb-list", {
        destinationPortRange: undefined,
        destinationPortRanges: ["443", "22"],
      }),
      oneRule("Every port and protocol", "nb-all", { destinationPortRange: "*", protocol: "*" }),
      oneRule("A service tag for everybody", "nb-tag", { sourceAddressPrefix: "Internet" }),
      oneRule("A service tag for every customer of Azure", "nb-azure", { sourceAddressPrefix: "AzureCloud" }),
      oneRule("The internet in two halves", "nb-halves", {
        sourceAddressPrefix: undefined,
        sourceAddressPrefixes: ["0.0.0.0/1", "128.0.0.0/1"],
      }),
      oneRule("IPv6", "nb-six", { sourceAddressPrefix: "::/0" }),
      of(
        "A refusal that comes too late",
        group("nb-late", [
          { ...FROM_ANYWHERE, name: "open", priority: 200 },
          { ...FROM_ANYWHERE, name: "shut", priority: 300, access: "Deny" },
        ]),
      ),
      of("A rule in a resource of its own", group("nb-apart", []), separate("nb-apart", "nb-open", {})),
      {
        ...oneRule("SSH from an address that is no administrator's", "nb-stranger", {
          sourceAddressPrefix: "198.51.100.7",
        }),
        settings: { adminAddresses: ["203.0.113.0/24"] },
      },
      of(
        "A basic public address on an interface without a group, which is open on every port",
        resource(azure.publicAddress, "nb-basic-ip", { publicIpAddressName: "nb-basic-ip", sku: { name: "Basic" } }),
        resource(azure.subnet, "nb-bare", {
          subnetName: "nb-bare",
          virtualNetworkName: "vnet",
          addressPrefix: "10.9.0.0/24",
        }),
        resource(azure.networkInterface, "nb-nic", {
          networkInterfaceName: "nb-nic",
          ipConfigurations: [
            {
              name: "main",
              subnet: { id: exampleId("Microsoft.Network/virtualNetworks/vnet/subnets/nb-bare") },
              publicIPAddress: { id: exampleId("Microsoft.Network/publicIPAddresses/nb-basic-ip") },
            },
          ],
        }),
      ),
    ],
  },
};

function findingOf({ path, source, what }: Opening): Finding {
  return { property: path, found: `${show(source)}, which opens ${what}`, expected: EXPECTED };
}

/** A public address of the basic kind lets everything in unless a group refuses it; a standard one lets nothing in. */
function bareAddresses(one: Resource, stack: Stack): Finding[] {
  const { properties } = one;
  if (!isBare(one) || ASSOCIATIONS.some((type) => stack.ofType(type).length > 0)) return [];
  return properties.objects("ipConfigurations").flatMap((configuration) => {
    const address = configuration.object("publicIPAddress");
    const subnets = referredTo(stack, azure.subnet, configuration.object("subnet").text("id"));
    const bare = subnets.length > 0 && subnets.every((subnet) => isBare(subnet));
    const basic = referredTo(stack, azure.publicAddress, address.text("id")).some((found) => isBasic(found));
    if (!bare || !basic) return [];
    return [{ urn: one.urn, property: address.path("id"), ...BARE }];
  });
}

/** The same for an interface and an address that are made with the machine. */
function bareInterfaces(one: Resource, stack: Stack): Finding[] {
  return profileOf(one)
    .object("networkProfile")
    .objects("networkInterfaceConfigurations")
    .filter((card) => card.get("networkSecurityGroup") === undefined && !card.isUnknown("networkSecurityGroup"))
    .flatMap((card) => card.objects("ipConfigurations"))
    .flatMap((configuration) => {
      const address = configuration.object("publicIPAddressConfiguration");
      const subnets = referredTo(stack, azure.subnet, configuration.object("subnet").text("id"));
      if (!isText(address.object("sku").text("name"), "Basic") || subnets.some((subnet) => !isBare(subnet))) return [];
      return [{ urn: one.urn, property: configuration.path("publicIPAddressConfiguration"), ...BARE }];
    });
}

/**
 * A load balancer that hands a port for administrators on. Where the program has a security group, that is what opens or
 * shuts the port, and it is judged itself.
 */
function translatedPorts(stack: Stack): Finding[] {
  if ([azure.securityGroup, azure.securityRule].some((type) => stack.ofType(type).length > 0)) return [];
  const inline = stack
    .ofType(azure.loadBalancer)
    .filter(({ properties }) => isPublic(properties))
    .flatMap(({ urn, properties }) =>
      ["inboundNatRules", "inboundNatPools", "loadBalancingRules"].flatMap((name) =>
        properties.objects(name).map((rule) => ({ urn, rule })),
      ),
    );
  const own = stack.ofType(azure.inboundNatRule).map(({ urn, properties }) => ({ urn, rule: properties }));
  return [...own, ...inline].flatMap(({ urn, rule }) => {
    const name = ADMINISTRATION.get(rule.number("backendPort") ?? -1);
    if (name === undefined || isText(rule.text("protocol"), "Udp")) return [];
    const found = `${show(rule.number("backendPort"))} (${name}), handed on by a load balancer`;
    return [{ urn, property: rule.path("backendPort"), found, expected: "Bastion, or a security group before it" }];
  });
}

function isPublic(balancer: Properties): boolean {
  const frontends = balancer.objects("frontendIPConfigurations");
  return frontends.length === 0 || frontends.some((one) => one.get("subnet") === undefined);
}

function isBare({ properties }: Resource): boolean {
  return properties.get("networkSecurityGroup") === undefined && !properties.isUnknown("networkSecurityGroup");
}

function isBasic({ properties }: Resource): boolean {
  return !properties.isUnknown("sku") && isText(properties.object("sku").text("name") ?? "Basic", "Basic");
}

/** A firewall that hands SSH on, with some properties of its rule changed. */
function firewall(name: string, changes: object): ExampleResource {
  const ssh = { ipProtocols: ["TCP"], sourceAddresses: ["*"], destinationPorts: ["2222"], translatedPort: "22" };
  const rules = [{ ruleType: "NatRule", name, translatedAddress: "10.0.0.4", ...ssh, ...changes }];
  return resource(azure.firewallRules, name, {
    firewallPolicyName: "example",
    ruleCollectionGroupName: name,
    priority: 100,
    ruleCollections: [{ ruleCollectionType: "FirewallPolicyNatRuleCollection", action: { type: "DNAT" }, rules }],
  });
}

function adminRule(name: string, addressPrefix: string): ExampleResource {
  return resource(azure.adminRule, name, {
    networkManagerName: "example",
    configurationName: name,
    ruleCollectionName: name,
    kind: "Custom",
    ...{ access: "AlwaysAllow", direction: "Inbound", priority: 100, protocol: "Tcp", destinationPortRanges: ["22"] },
    sources: [{ addressPrefixType: "IPPrefix", addressPrefix }],
  });
}

function group(name: string, securityRules: readonly object[]): ExampleResource {
  return resource(azure.securityGroup, name, { networkSecurityGroupName: name, securityRules });
}

/** An example of a group with one rule: SSH from anywhere, with some properties changed. */
function oneRule(title: string, name: string, changes: object): Example {
  return of(title, group(name, [withoutUndefined({ name: "example", ...FROM_ANYWHERE, ...changes })]));
}

function separate(groupName: string, name: string, changes: object): ExampleResource {
  const place = { networkSecurityGroupName: groupName, securityRuleName: name };
  return resource(azure.securityRule, name, { ...place, ...FROM_ANYWHERE, ...changes });
}

function withoutUndefined(properties: object): object {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
