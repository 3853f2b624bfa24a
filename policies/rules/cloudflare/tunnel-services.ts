import { application, of, routes } from "#lib/cloudflare-examples.ts";
import { ingressesOf, originOf } from "#lib/cloudflare-ingress.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";

const CONTROL_SOCKET =
  /^unix(?:\+tls)?:.*(?:docker|containerd|podman|crio|cri-dockerd|buildkitd|libvirt-sock|virtqemud-sock|snapd|dbus\/system_bus_socket|systemd\/(?:private|notify)|(?:incus|lxd)\/unix\.socket)[\w.-]*(?:\.sock(?:et)?)?$/i;
const CONTROL_PORTS = new Set(["2375", "2376", "2377", "2379", "2380", "4243", "10250", "10255", "16509", "16514"]);
/** Where a cloud gives a machine's credentials to whoever asks. */
const METADATA =
  /^(?:169\.254\.169\.254|168\.63\.129\.16|100\.100\.100\.200|fd00:ec2::254|::ffff:a9fe:a9fe|metadata(?:\.google\.internal|\.azure\.internal)?)$/;

export const rule: Rule = {
  id: "cloudflare.tunnel-services",
  title: "No route of a tunnel leads to a control socket, a machine's metadata or wherever the visitor wants.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI02"],
  why: "Behind such a route is not one service but the host or the whole network, and a login page is all that is before it.",
  fix: "Lead the route to the one service that is meant.",
  waivable: "by-configuration",
  types: [cloudflare.tunnelConfig],
  check: (resource) => [
    ...ingressesOf(resource).flatMap(({ properties, service }) => [
      ...controlled(properties, service ?? ""),
      ...anywhere(properties.object("originRequest")),
    ]),
    ...anywhere(resource.properties.object("config").object("originRequest")),
  ],
  examples: {
    good: [
      example("A service", "sg-web", "http://web:8080"),
      example("A socket of a service", "sg-socket", "unix:/run/web/web.sock"),
      example("SSH to one machine", "sg-ssh", "ssh://127.0.0.1:22"),
    ],
    bad: [
      example("The Docker socket", "sb-socket", "unix:/var/run/docker.sock"),
      example("The Docker API", "sb-api", "tcp://127.0.0.1:2375"),
      example("A proxy into the network", "sb-socks", "socks-proxy"),
      example("A machine's metadata", "sb-metadata", "http://169.254.169.254"),
      example("Whatever the visitor names", "sb-bastion", "bastion"),
    ],
  },
};

function controlled(route: Properties, service: string): Finding[] {
  const what = whatIs(service.trim());
  if (what === undefined) return [];
  return [{ property: route.path("service"), found: `${show(service)}, ${what}`, expected: "one service" }];
}

function whatIs(service: string): string | undefined {
  if (/^(?:socks-proxy|bastion)$/i.test(service)) return "which reaches whatever the connector reaches";
  if (CONTROL_SOCKET.test(service)) return "which controls the host";
  const origin = originOf(service);
  if (origin === undefined) return undefined;
  if (METADATA.test(asResolved(origin.host))) return "where a machine's credentials are";
  const port = /:(\d+)(?:[/?#]|$)/.exec(service.replace(/^[^:]+:\/\//, ""))?.[1];
  return port !== undefined && CONTROL_PORTS.has(port) ? "which controls the host" : undefined;
}

/** An address as it is mostly written: a resolver also takes one number, octal and hexadecimal ones. */
function asResolved(host: string): string {
  const inUrl = `http://${host.includes(":") ? `[${host}]` : host}/`;
  return URL.canParse(inUrl) ? new URL(inUrl).hostname.replace(/^\[|\]$/g, "") : host;
}

function anywhere(request: Properties): Finding[] {
  const socks = request.text("proxyType")?.toLowerCase() === "socks";
  const bastion = request.flag("bastionMode") === true;
  return [
    ...(socks ? [{ property: request.path("proxyType"), found: "socks", expected: "no proxy" }] : []),
    ...(bastion ? [{ property: request.path("bastionMode"), found: "true", expected: "false" }] : []),
  ];
}

function example(title: string, name: string, service: string) {
  const hostname = `${name}.example.com`;
  return of(title, routes(name, [{ hostname, service }]), application(`${name}-app`, hostname));
}
