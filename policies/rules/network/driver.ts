import ipaddr from "ipaddr.js";

import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const ON_THE_WIRE = /^(macvlan|ipvlan|host|transparent|l2bridge|l2tunnel)$/i;

/**
 * Options, without the prefix of their driver, that put containers on the wire or open their ports to it: those of bridges
 * as in moby (daemon/libnetwork/drivers/bridge, labels.go; its gateway modes are nat, nat-unprotected, routed and isolated).
 */
const OPTIONS: ReadonlyMap<string, (value: string) => string | undefined> = new Map([
  ["gateway_mode_ipv4", gatewayMode],
  ["gateway_mode_ipv6", gatewayMode],
  ["trusted_host_interfaces", (value) => (value === "" ? undefined : `packets from ${show(value)} pass unfiltered`)],
  ["host_binding_ipv4", (value) => (isEverywhere(value) ? "published ports are open on every address" : undefined)],
  ["firewalld_zone", (value) => (value === "trusted" ? "the host's firewall lets everything to it pass" : undefined)],
  ["default_bridge", (value) => (isTrue(value) ? "it is Docker's default bridge" : undefined)],
  ["parent", (value) => (value === "" ? undefined : `containers are on the wire of ${show(value)}`)],
  ["macvlan_mode", () => "containers are on the host's wire"],
  ["ipvlan_mode", () => "containers are on the host's wire"],
  ["name", (value) => (HOST_BRIDGE.test(value) ? `${show(value)} is a bridge of the host's own` : undefined)],
]);

/** Bridges by the names that other programs give theirs: Docker takes one that is there as it is. */
const HOST_BRIDGE = /^(docker0|br\d+|virbr\d+|vmbr\d+|lxcbr\d+|lxdbr\d+|incusbr\d+|cni\d+|cbr\d+|podman\d+|xenbr\d+)$/i;

export const rule: Rule = {
  id: "network.driver",
  title: "Networks of containers lie behind the host, not on its own wire.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.10", "OWASP ASI07"],
  why: "On macvlan, ipvlan, the host's network or a bridge without its filter a container is a machine of the LAN, past every rule of the host's firewall.",
  fix: 'Set `driver` to "bridge", or "overlay" in a swarm, without options that route; publish the one port that others need.',
  waivable: "by-label",
  types: [type.network],
  check: ({ properties }) => [
    ...driver(properties),
    ...options(properties.object("options")),
    ...properties.objects("ipamConfigs").flatMap(block),
  ],
  examples: {
    good: [
      network("A bridge", { driver: "bridge" }),
      network("The default", {}),
      network("A swarm's", { driver: "overlay" }),
      network("A bridge with a name and a size of packets", {
        options: { "com.docker.network.bridge.name": "br-example", "com.docker.network.driver.mtu": "1400" },
      }),
      network("A bridge without the host", {
        options: { "com.docker.network.bridge.gateway_mode_ipv4": "isolated" },
      }),
      network("A private block", { ipamConfigs: [{ subnet: "10.90.1.0/26", gateway: "10.90.1.1" }] }),
      network("A block of its own for IPv6", { ipv6: true, ipamConfigs: [{ subnet: "fd00:90:1::/64" }] }),
      network("A block of the provider's for IPv6", { ipv6: true, ipamConfigs: [{ subnet: "2a01:4f8:1:2::/80" }] }),
      network("A block for examples", { ipamConfigs: [{ subnet: "192.0.2.0/28" }] }),
      network("Ports on the loopback", { options: { "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1" } }),
    ],
    bad: [
      ...["macvlan", "ipvlan", "host", "MACVLAN"].map((name) => network(name, { driver: name })),
      ...[
        ["gateway_mode_ipv4", "nat-unprotected"],
        ["gateway_mode_ipv4", "routed"],
        ["gateway_mode_ipv6", "Routed"],
        ["trusted_host_interfaces", "eth0"],
        ["host_binding_ipv4", "0.0.0.0"],
        ["name", "docker0"],
      ].map(([name = "", value = ""]) =>
        network(`${name} ${value}`, { driver: "bridge", options: { [`com.docker.network.bridge.${name}`]: value } }),
      ),
      ...["169.254.169.0/24", "0.0.0.0/1", "8.8.8.0/24"].map((subnet) =>
        network(`The addresses of others, ${subnet}`, { ipamConfigs: [{ subnet }] }),
      ),
      network("A wire as the parent", { driver: "bridge", options: { parent: "eth0" } }),
    ],
  },
};

function driver(properties: Properties): Finding[] {
  const found = properties.text("driver") ?? "bridge";
  if (!ON_THE_WIRE.test(found.trim())) return [];
  return [{ property: "driver", found: show(found), expected: '"bridge" or "overlay"' }];
}

function options(given: Properties): Finding[] {
  return given.entries().flatMap(({ name, path, value }) => {
    const plain = name.trim().toLowerCase();
    const isOfDocker = plain.startsWith("com.docker.network.") || !plain.includes(".");
    const flaw = isOfDocker ? OPTIONS.get(plain.slice(plain.lastIndexOf(".") + 1))?.(value.trim()) : undefined;
    if (flaw === undefined || (plain.endsWith(".name") && !plain.endsWith("bridge.name"))) return [];
    return [{ property: path, found: `${show(value)}: ${flaw}`, expected: "the option left out" }];
  });
}

/** Who is on a network answers for its addresses: of the internet, or of the service that knows the machine's identity. */
function block(given: Properties): Finding[] {
  const subnet = given.text("subnet") ?? "";
  const whose = ownerOf(subnet);
  if (whose === undefined) return [];
  return [{ property: given.path("subnet"), found: `${show(subnet)}, ${whose}`, expected: "a private block" }];
}

function ownerOf(subnet: string): string | undefined {
  const [address = "", length = ""] = subnet.trim().split("/");
  if (!ipaddr.isValid(address) || !/^\d+$/.test(length)) return undefined;
  const block = ipaddr.parse(address);
  const range = block.range();
  if (range === "linkLocal") return "where the machine's identity is given out";
  // A public block of IPv6 may be the machine's own, of its provider.
  const isPublic = block.kind() === "ipv4" && (range === "unicast" || range === "unspecified");
  return isPublic ? "addresses of the internet" : undefined;
}

function gatewayMode(value: string): string | undefined {
  const mode = value.toLowerCase();
  if (mode === "routed") return "containers are reached by their own addresses";
  return mode === "nat-unprotected" ? "every port of every container is open to the LAN" : undefined;
}

function isEverywhere(value: string): boolean {
  return /^(0\.0\.0\.0|0|::|\[::\]|(0{1,4}:){7}0{1,4})$/.test(value);
}

function isTrue(value: string): boolean {
  return /^(1|t|true)$/i.test(value);
}

function network(title: string, changes: Readonly<Record<string, unknown>>): Example {
  const name = `driver-${title.toLowerCase().replaceAll(/\W/g, "-")}`;
  return { title, resources: [{ type: type.network, name, properties: { name, internal: true, ...changes } }] };
}
