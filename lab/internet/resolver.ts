import { internetAddresses } from "./addresses.ts";

/** Names that no resolver of the internet knows: those that are reserved for private use, and those without a dot. */
const internalDomains = ["internal", "local", "lan", "home.arpa", "localhost", "invalid", "in-addr.arpa", "ip6.arpa"];

/**
 * What dnsmasq is told, on its command line: there is nothing to read that could be out of date. It asks nobody: a
 * public name is the lab's web server, an internal one does not exist.
 */
export const resolverArguments: readonly string[] = [
  "--keep-in-foreground",
  "--conf-file=/dev/null",
  "--no-resolv",
  "--no-hosts",
  "--no-poll",
  "--user=nobody",
  "--group=nogroup",
  "--bind-interfaces",
  `--listen-address=${internetAddresses.resolver}`,
  "--no-dhcp-interface=inet0",
  "--cache-size=0",
  "--local-ttl=60",
  "--log-facility=-",
  `--address=/#/${internetAddresses.web}`,
  ...internalDomains.map((domain) => `--local=/${domain}/`),
  // Of a public name it knows only the address: any other question has an empty answer, where it would be refused.
  "--local=/#/",
  // Without a name between the slashes: names of one word.
  "--local=//",
];
