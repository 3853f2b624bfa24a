import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { isOwnSysctl } from "../../../containment/sysctls.ts";

/**
 * The option of a network that sets parameters of the container's end of it, separated by commas, with `IFNAME` for the name
 * of the interface: as in moby (daemon/libnetwork/netlabel/labels.go).
 */
const ENDPOINT = "com.docker.network.endpoint.sysctls=";

export const rule: Rule = {
  id: "container.sysctls",
  title: "No container sets a kernel parameter that reaches beyond it or lets it route.",
  severity: "medium",
  level: "mandatory",
  references: ["Kubernetes PSS baseline", "OWASP ASI05"],
  why: "A parameter that is not the container's own changes the host, and one that routes undoes the isolation of networks.",
  fix: "Remove the entry from `sysctls`, or set it on the host where its effect on all others is seen.",
  waivable: "by-label",
  ...onContainers((container) =>
    [...container.object("sysctls").entries(), ...container.objects("networksAdvanced").flatMap(ofEndpoint)]
      .filter(({ name, value }) => !isOwnSysctl(name, value))
      .map(({ name, path, value }) => ({
        property: path,
        found: `${name} of ${show(value)}`,
        expected: "a parameter of the container's own sockets or IPC",
      })),
  ),
  examples: {
    good: [
      withContainer("A longer queue", { sysctls: { "net.core.somaxconn": "1024" } }),
      withContainer("No redirects of other routers", { sysctls: { "net.ipv4.conf.all.accept_redirects": "0" } }),
      withContainer("No IPv6", { sysctls: { "net.ipv6.conf.all.disable_ipv6": "1" } }),
      withContainer("Low ports for everybody in it", { sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" } }),
    ],
    bad: [
      withContainer("A router on one of its networks", {
        networksAdvanced: [{ name: "example-net", driverOpts: [`${ENDPOINT}net.ipv4.conf.IFNAME.forwarding=1`] }],
      }),
      withContainer("IPv6, which the host's rules may not know", {
        sysctls: { "net.ipv6.conf.all.disable_ipv6": "0" },
      }),
      withContainer("A router", { sysctls: { "net.ipv4.ip_forward": "1" } }),
      withContainer("A router, written otherwise", { sysctls: { "net/ipv4/ip_forward": "1" } }),
      withContainer("The host's loopback", { sysctls: { "net.ipv4.conf.all.route_localnet": "1" } }),
      withContainer("What a crash runs", { sysctls: { "kernel.core_pattern": "|/tmp/x" } }),
    ],
  },
};

function ofEndpoint(network: Properties) {
  return network
    .texts("driverOpts")
    .filter(({ value }) => value.startsWith(ENDPOINT))
    .flatMap(({ path, value }) =>
      value
        .slice(ENDPOINT.length)
        .split(",")
        .map((pair) => ({ name: pair.split("=")[0] ?? "", path, value: pair.slice(pair.indexOf("=") + 1) })),
    );
}
