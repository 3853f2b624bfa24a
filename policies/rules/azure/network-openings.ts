import { exampleId, of, resource } from "../../lib/azure-examples.ts";
import type { Opening, SecurityRule } from "../../lib/azure-openings.ts";
import { openingsOf, securityRuleOf } from "../../lib/azure-openings.ts";
import { azureName, groupOf, inputOf, isText, referredTo, segmentAfter } from "../../lib/azure-resources.ts";
import { azure } from "../../lib/azure-types.ts";
import { show } from "../../lib/properties.ts";
import type { Resource, Stack } from "../../lib/resource.ts";
import type { Example, ExampleResource, Finding, Rule } from "../../lib/rule.ts";

const EXPECTED = "the addresses that need it, or a refusal of the internet before it";

const SSH = { priority: 100, direction: "Inbound", access: "Allow", protocol: "Tcp", destinationPortRange: "22" };
const FROM_ANYWHERE = { ...SSH, sourceAddressPrefix: "*", sourcePortRange: "*", destinationAddressPrefix: "*" };

export const rule: Rule = {
  id: "azure.network-openings",
  title: "No security group opens SSH, RDP or every port to the internet.",
  severity: "critical",
  level: "mandatory",
  references: [],
  why: "A port for administrators is tried by everybody within minutes, and one weak password or one hole is the machine.",
  fix: "Name the addresses that need it in `sourceAddressPrefix`, or reach the machine through Bastion or a tunnel.",
  waivable: "by-configuration",
  types: [azure.securityGroup],
  looksAt: [azure.networkInterface, azure.publicAddress, azure.securityRule, azure.subnet],
  check: ({ properties }, { settings }) => {
    const all = properties.objects("securityRules").map(securityRuleOf);
    return all.flatMap((one) => openingsOf(one, all, settings.adminAddresses).map(findingOf));
  },
  checkStack: (stack, { settings }) => [
    ...separateRules(stack, settings.adminAddresses),
    ...stack.ofType(azure.networkInterface).flatMap((one) => bareAddresses(one, stack)),
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
    ],
    bad: [
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

function findingOf({ source, what }: Opening): Finding {
  return { property: source.path, found: `${show(source.value)}, which opens ${what}`, expected: EXPECTED };
}

/** Rules in resources of their own, judged with all rules of their group. */
function separateRules(stack: Stack, administrators: readonly string[]): Finding[] {
  const all = stack.ofType(azure.securityRule).map((one) => ({ one, opened: securityRuleOf(one.properties) }));
  return all.flatMap(({ one, opened }) => {
    const together: SecurityRule[] = [
      ...all.filter((other) => areTogether(one, other.one)).map((other) => other.opened),
      ...stack
        .ofType(azure.securityGroup)
        .filter((group) => isGroupOf(group, one))
        .flatMap((group) => group.properties.objects("securityRules").map(securityRuleOf)),
    ];
    return openingsOf(opened, together, administrators).map((opening) => ({ urn: one.urn, ...findingOf(opening) }));
  });
}

/** Whether two rules belong to one group; those whose group is not known yet may. */
function areTogether(one: Resource, other: Resource): boolean {
  return sameOrUnknown(groupNameOf(one), groupNameOf(other)) && sameOrUnknown(groupOf(one), groupOf(other));
}

function isGroupOf(group: Resource, one: Resource): boolean {
  return sameOrUnknown(groupNameOf(one), azureName(group)) && sameOrUnknown(groupOf(one), groupOf(group));
}

function groupNameOf(one: Resource): string | undefined {
  const id = one.properties.text("id");
  return (inputOf(one, "networkSecurityGroupName") ?? segmentAfter(id, "networkSecurityGroups"))?.toLowerCase();
}

function sameOrUnknown(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** A public address of the basic kind lets everything in unless a group refuses it; a standard one lets nothing in. */
function bareAddresses(one: Resource, stack: Stack): Finding[] {
  const { properties } = one;
  if (properties.get("networkSecurityGroup") !== undefined || properties.isUnknown("networkSecurityGroup")) return [];
  return properties.objects("ipConfigurations").flatMap((configuration) => {
    const address = configuration.object("publicIPAddress");
    const subnets = referredTo(stack, azure.subnet, configuration.object("subnet").text("id"));
    const bare = subnets.length > 0 && subnets.every((subnet) => isBare(subnet));
    const basic = referredTo(stack, azure.publicAddress, address.text("id")).some((found) => isBasic(found));
    if (!bare || !basic) return [];
    const found = "a basic public address, with no security group before it";
    return [
      {
        urn: one.urn,
        property: address.path("id"),
        found,
        expected: "a security group on the interface or its subnet",
      },
    ];
  });
}

function isBare({ properties }: Resource): boolean {
  return properties.get("networkSecurityGroup") === undefined && !properties.isUnknown("networkSecurityGroup");
}

function isBasic({ properties }: Resource): boolean {
  return !properties.isUnknown("sku") && isText(properties.object("sku").text("name") ?? "Basic", "Basic");
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
