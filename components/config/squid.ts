import type { FileContext } from "../files/service-files.ts";
import { CLOSED_BLOCKS } from "../firewall/closed-blocks.ts";
import { pathsAmong, plannedMemberships } from "../network/paths.ts";
import { hostsOf } from "./allow-list.ts";

/** The service whose configuration this is. */
const PROXY = "egress-proxy";

/**
 * Addresses that are nobody's on the internet. A public name may resolve to one, by mistake or to have the proxy ask a
 * neighbour.
 */
const NOT_PUBLIC = [
  ...Object.keys(CLOSED_BLOCKS),
  // Not ::/8: Squid keeps IPv4 addresses as ::ffff:0:0/96, and every one of them would be in it.
  "::/96",
  "64:ff9b::/32",
  "2001::/32",
  "2002::/16",
  "fc00::/7",
  "fe80::/9",
  "ff00::/8",
];

/** A client of the proxy: where it calls from and what it may ask for. */
export interface ProxyClient {
  readonly name: string;
  /** Its addresses on the networks that it shares with the proxy. */
  readonly addresses: readonly string[];
  readonly hosts: readonly string[];
}

/** Everyone who has a flow to the proxy, with what it may ask for, by name. */
export function proxyClients({ flows, networks, allowed }: FileContext): ProxyClient[] {
  const memberships = plannedMemberships(networks);
  const paths = flows.filter(({ to }) => to === PROXY).flatMap((flow) => pathsAmong(flow, memberships));
  const names = [...new Set(paths.map(({ flow }) => flow.from))].sort();
  return names.map((name) => ({
    name,
    addresses: paths.flatMap(({ flow, source }) => (flow.from === name && source !== undefined ? [source] : [])),
    hosts: hostsOf(name, allowed),
  }));
}

/** Squid's configuration: nothing but tunnels to port 443 of the names that a client is allowed, and no others. */
export function squidConf(machine: FileContext): string {
  const clients = proxyClients(machine).filter(({ hosts }) => hosts.length > 0);
  return `http_port 3128
visible_hostname ${PROXY}

# Asked directly: Docker's own resolver would also know the names of neighbours.
dns_nameservers ${machine.settings.resolvers.join(" ")}
hosts_file none
dns_defnames off

# A tunnel carries TLS that the proxy cannot look into; everything else it could, and does not pass.
acl tunnel method CONNECT
acl https port 443
# Written as an address, a destination has no name that could be allowed.
acl address dstdom_regex -n -i ^[0-9.]+$ ^0x[0-9a-f.x]+$ :
acl not_public dst ${NOT_PUBLIC.join(" ")}

http_access deny !tunnel
http_access deny !https
http_access deny address
# The name comes before the address, from left to right: a name that is not allowed is not even looked up. With -n an
# address is never looked up backwards, where its owner could claim any name.
${clients.map(clientRules).join("\n")}
http_access deny all

# The log says who asked for which host: no path, no query.
logformat garrison %ts.%03tu %>a %Ss/%03>Hs %<st %rm %>rd:%>rP
# The health check, every few seconds, says nothing.
acl itself src 127.0.0.1
access_log stdio:/dev/stdout garrison !itself
cache_log /dev/stderr
logfile_rotate 0

via off
forwarded_for delete
httpd_suppress_version_string on
cache deny all
cache_mem 8 MB
memory_pools off
pinger_enable off
connect_timeout 10 seconds
shutdown_lifetime 3 seconds

# Root is read-only and the user has no name.
pid_filename none
coredump_dir /tmp
`;
}

function clientRules({ name, addresses, hosts }: ProxyClient): string {
  const open = hosts.includes("*");
  return [
    `acl from_${name} src ${addresses.join(" ")}`,
    ...(open ? [] : [`acl to_${name} dstdomain -n ${hosts.join(" ")}`]),
    `http_access allow from_${name} ${open ? "" : `to_${name} `}!not_public`,
  ].join("\n");
}
