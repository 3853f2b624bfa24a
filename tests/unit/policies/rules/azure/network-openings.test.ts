import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/network-openings.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const type = "azure-native:network:NetworkSecurityGroup";
const open = {
  priority: 300,
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  sourceAddressPrefix: "*",
  destinationPortRange: "22",
};
const group = (...securityRules: object[]) => [{ type, name: "nsg", properties: { securityRules } }];

test.each([
  { sourceAddressPrefix: "internet" },
  { sourceAddressPrefix: undefined },
  { sourceAddressPrefix: "0.0.0.0/0" },
  { sourceAddressPrefix: "64.0.0.0/3" },
  { protocol: "*" },
  { direction: "inbound", access: "allow", protocol: "TCP" },
  { destinationPortRange: "1-65535" },
  { destinationPortRange: "3389" },
  { destinationPortRange: undefined, destinationPortRanges: ["80", "20-30"] },
  { destinationPortRange: "*", protocol: "Udp" },
])("found: %j", (changes) => {
  expect(findings(rule, group({ ...open, ...changes }))).toHaveLength(1);
});

test.each([
  { sourceAddressPrefix: "10.0.0.0/8" },
  { sourceAddressPrefix: "203.0.113.7" },
  { sourceAddressPrefix: "AzureLoadBalancer" },
  { sourceAddressPrefix: undefined, sourceApplicationSecurityGroups: [{ id: "x" }] },
  { direction: "Outbound" },
  { access: "Deny" },
  { destinationPortRange: "443" },
  { protocol: "Icmp" },
  { protocol: "Udp" },
])("left alone: %j", (changes) => {
  expect(findings(rule, group({ ...open, ...changes }))).toEqual([]);
});

test.each([
  [{ priority: 200 }, 0],
  [{ priority: 300 }, 1],
  [{ priority: 400 }, 1],
  [{ priority: 200, destinationPortRange: "*" }, 0],
  [{ priority: 200, destinationPortRange: "23-80" }, 1],
  [{ priority: 200, sourceAddressPrefix: "Internet" }, 0],
  [{ priority: 200, sourceAddressPrefix: "10.0.0.0/8" }, 1],
  [{ priority: 200, protocol: "Udp" }, 1],
  [{ priority: 200, sourcePortRange: "1-1023" }, 1],
  [{ priority: 200, destinationAddressPrefix: "10.0.0.4" }, 1],
  [{ priority: 200, direction: "Outbound" }, 1],
])("with a refusal %j there are %i", (changes, count) => {
  expect(findings(rule, group(open, { ...open, access: "Deny", ...changes }))).toHaveLength(count);
});

test("of every port, without those for administrators, most are left", () => {
  const shut = {
    ...open,
    priority: 100,
    access: "Deny",
    destinationPortRange: undefined,
    destinationPortRanges: ["22", "2375-2376", "3389", "5985-5986"],
  };
  expect(findings(rule, group({ ...open, destinationPortRange: "*" }, shut))).toEqual([
    'securityRules.0.sourceAddressPrefix: "*", which opens 65530 ports',
  ]);
});

test("a version of the API makes no difference", () => {
  const [one] = group(open);
  const versioned = {
    name: "nsg",
    properties: one?.properties ?? {},
    type: "azure-native:network/v20240101:NetworkSecurityGroup",
  };
  expect(findings(rule, [versioned])).toHaveLength(1);
});

test.each(["sourceAddressPrefix", "access", "priority", "protocol", "destinationPortRange", "direction"])(
  "nothing is concluded from an unknown %s",
  (name) => {
    expect(run(rule, group({ ...open, [name]: UNKNOWN })).verdicts).toEqual([]);
    expect(run(rule, group(open, { ...open, priority: 200, access: "Deny", [name]: UNKNOWN })).verdicts).toEqual([]);
  },
);
