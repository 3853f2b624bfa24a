import { CLOSED_BLOCKS } from "#components/firewall/closed-blocks.ts";
import type { Client, Rendering } from "#components/wiring/blueprint.ts";
import { narrowed } from "../../network/host-names.ts";

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
export type ProxyClient = Pick<Client, "name" | "addresses" | "hosts">;

/**
 * What the health check asks for: from the front to a port behind it, where it is refused. Squid begins by looking whether
 * these ports answer, before they do, and looks again when a request comes. An address, because even of a name that it
 * refuses Squid asks the name server there (both run, Squid 6.13).
 */
export const HEALTH_TARGET = "127.0.0.1";

/** The first of the ports on which the proxy meets itself; each client has its own. */
const INNER = 3201;

/**
 * Squid's configuration: nothing but tunnels to port 443 of the names that a client is allowed, and in them nothing but
 * TLS that asks for one of these names.
 *
 * A tunnel goes through the proxy twice. The front judges the name that is asked for and says no in words; a port that
 * looks into tunnels could not, because Squid answers every refusal there from within the tunnel. Behind it, a port for
 * each client reads the first message of TLS and opens the way out when the name in it is on the client's list (run, Squid
 * 6.13). A client that names nobody in TLS is taken by the name of its tunnel. A name that the client encrypts is not seen:
 * what is compared is the one beside it, in clear.
 */
export function squidConf(self: Rendering): string {
  const clients = self
    .clients()
    .map(({ name, addresses, hosts }) => ({ name, addresses, hosts: narrowed(hosts) }))
    .filter(({ addresses, hosts }) => addresses.length > 0 && hosts.length > 0);
  return `http_port 3128 name=front
${clients.map(innerPort).join("\n")}
visible_hostname ${self.name}

# Asked directly: Docker's own resolver would also know the names of neighbours.
dns_nameservers ${self.settings.resolvers.join(" ")}
hosts_file none
dns_defnames off

acl front myportname front
# A tunnel carries TLS that the proxy cannot look into; everything else it could, and does not pass.
acl tunnel method CONNECT
acl https port 443
# Written as an address, a destination has no name that could be allowed.
acl address dstdom_regex -n -i ^[0-9.]+$ ^0x[0-9a-f.x]+$ :
acl not_public dst ${NOT_PUBLIC.join(" ")}
acl unread at_step SslBump1
acl itself src 127.0.0.1
acl health dstdomain -n ${HEALTH_TARGET}

ssl_bump peek unread
http_access deny !tunnel
http_access deny !https
http_access deny health !front
http_access allow health itself
http_access deny address
# The name comes before the address, from left to right: a name that is not allowed is not even looked up. With -n an
# address is never looked up backwards, where its owner could claim any name.
${clients.map(clientRules).join("\n")}
http_access deny all

always_direct allow !front
never_direct allow all
ssl_bump terminate all
on_unsupported_protocol respond all

# The log says who asked for which host, and which name then stood in TLS: no path, no query.
logformat garrison %ts.%03tu %>a %Ss/%03>Hs %<st %rm %>rd:%>rP
logformat tls %ts.%03tu %lp %ssl::bump_mode %>rd:%>rP %ssl::>sni
# The health check, every few seconds, says nothing.
acl carried hier_code HIER_DIRECT
access_log stdio:/dev/stdout garrison front !itself
access_log stdio:/dev/stdout tls tunnel !front !health !carried
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
# Whoever opens a tunnel and does not speak is hung up on.
request_start_timeout 10 seconds
shutdown_lifetime 3 seconds

# Root is read-only and the user has no name.
pid_filename none
coredump_dir /tmp
`;
}

/** Nothing is decrypted; Squid still takes no port that looks into TLS without a certificate. The image makes one. */
function innerPort({ name }: ProxyClient, index: number): string {
  const port = String(INNER + index);
  return [
    `http_port 127.0.0.1:${port} name=behind_${name} ssl-bump generate-host-certificates=off tls-cert=/tmp/unused.pem`,
    `cache_peer 127.0.0.1 parent ${port} 0 name=behind_${name} no-query no-digest no-netdb-exchange no-tproxy`,
  ].join("\n");
}

function clientRules({ name, addresses, hosts }: ProxyClient): string {
  const open = hosts.includes("*");
  const list = hosts.join(" ");
  const asked = `${open ? "" : ` to_${name}`} !not_public`;
  return [
    `acl from_${name} src ${addresses.join(" ")}`,
    `acl behind_${name} myportname behind_${name}`,
    ...(open ? [] : [`acl to_${name} dstdomain -n ${list}`]),
    ...(open ? [] : [`acl names_${name} ssl::server_name --client-requested ${list}`]),
    `http_access allow front from_${name}${asked}`,
    `http_access allow behind_${name}${asked}`,
    `cache_peer_access behind_${name} allow from_${name}`,
    `cache_peer_access behind_${name} allow health`,
    `cache_peer_access behind_${name} deny all`,
    `ssl_bump splice behind_${name}${open ? "" : ` names_${name}`}`,
  ].join("\n");
}
