import { of, resource } from "#lib/azure-examples.ts";
import { openingsOfFirewall } from "#lib/azure-firewall-rules.ts";
import { openingsOfAdminRules, openingsOfGroup, openingsOfSeparateRules } from "#lib/azure-groups.ts";
import type { Opening } from "#lib/azure-openings.ts";
import { azure } from "#lib/azure-types.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

const OPEN = { priority: 100, direction: "Inbound", access: "Allow", protocol: "Tcp", sourceAddressPrefix: "*" };

export const rule: Rule = {
  id: "azure.network-openings-advice",
  title: "No security group and no firewall opens a database, a model server or another inner service to the internet.",
  severity: "medium",
  level: "advisory",
  references: [],
  why: "Such a service is meant for programs of the same house: many ask for no password, and the others are tried all day.",
  fix: "Name the addresses that need it, or put a gateway that knows its users before it.",
  waivable: "by-configuration",
  types: [azure.securityGroup, azure.firewall, azure.firewallRules],
  looksAt: [azure.securityRule, azure.adminRule],
  check: ({ type, properties }, { settings }) =>
    (type === azure.securityGroup ? openingsOfGroup : openingsOfFirewall)(properties, settings.adminAddresses)
      .filter(({ grave }) => !grave)
      .map(findingOf),
  checkStack: (stack, { settings }) =>
    [openingsOfSeparateRules, openingsOfAdminRules]
      .flatMap((openings) => openings(stack, settings.adminAddresses))
      .filter(({ grave }) => !grave)
      .map((opening) => ({ urn: opening.urn, ...findingOf(opening) })),
  examples: {
    good: [
      group("The web from anywhere", "og-web", { destinationPortRanges: ["80", "443", "8080"] }),
      group("A database from the network", "og-inside", {
        sourceAddressPrefix: "VirtualNetwork",
        destinationPortRange: "5432",
      }),
    ],
    bad: [
      group("A database", "ob-database", { destinationPortRange: "5432" }),
      group("A model server in a range", "ob-range", { destinationPortRange: "11400-11500" }),
      group("One of several ports", "ob-list", { destinationPortRanges: ["443", "6379"] }),
      group("Over UDP", "ob-udp", { protocol: "Udp", destinationPortRange: "161" }),
      of(
        "In a resource of its own",
        resource(azure.securityRule, "ob-apart", {
          networkSecurityGroupName: "other",
          securityRuleName: "ob-apart",
          ...OPEN,
          destinationPortRange: "9200",
        }),
      ),
    ],
  },
};

function findingOf({ path, source, what }: Opening): Finding {
  return { property: path, found: `${show(source)}, which opens ${what}`, expected: "the addresses that need it" };
}

function group(title: string, name: string, changes: object): Example {
  const securityRules = [{ name: "example", ...OPEN, ...changes }];
  return of(title, resource(azure.securityGroup, name, { networkSecurityGroupName: name, securityRules }));
}
