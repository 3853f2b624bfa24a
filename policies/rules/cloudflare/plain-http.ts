import { isPublicBlock, isWithin } from "#lib/addresses.ts";
import { application, of, routes } from "#lib/cloudflare-examples.ts";
import { ingressesOf, originOf } from "#lib/cloudflare-ingress.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import { show } from "#lib/properties.ts";
import type { ExampleResource, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

// Where Docker takes the blocks of networks that name none.
const DOCKER_DEFAULT = ["172.16.0.0/12"];
const HOST = /^(localhost|.+\.localhost|127(\.\d+){1,3}|::1|host\.docker\.internal)$/;

export const rule: Rule = {
  id: "cloudflare.plain-http",
  title: "A tunnel does not send plain HTTP to another machine.",
  severity: "medium",
  level: "mandatory",
  references: [],
  why: "Cloudflare's encryption ends at the connector: from there on, whoever is on the way reads passwords and cookies.",
  fix: "Run the connector on the service's own host, or reach the service with https.",
  waivable: "by-configuration",
  types: [cloudflare.tunnelConfig],
  checkStack: (stack) => {
    const networks = stack.ofType(type.network);
    const unknown = networks.some(({ properties }) => properties.isUnknown("ipamConfigs"));
    const blocks = networks.flatMap(({ properties }) =>
      properties.objects("ipamConfigs").flatMap((one) => one.text("subnet") ?? []),
    );
    return stack.ofType(cloudflare.tunnelConfig).flatMap((config) =>
      ingressesOf(config).flatMap(({ properties, service }) => {
        const origin = originOf(service ?? "");
        if (origin === undefined || !["http", "ws"].includes(origin.scheme)) return [];
        if (isOnHost(origin.host, blocks) || (unknown && !isPublicBlock(origin.host))) return [];
        const expected = "https, or a service on the connector's own host";
        return [{ urn: config.urn, property: properties.path("service"), found: show(service), expected }];
      }),
    );
  },
  examples: {
    good: [
      example("A container of the same network", "hg-container", "http://web:8080"),
      example("The host itself", "hg-host", "http://127.0.0.1:8080"),
      example("A socket", "hg-socket", "unix:/run/web.sock"),
      example("Another machine, with TLS", "hg-tls", "https://web.example.org"),
      example("An address of a Docker network", "hg-address", "http://10.77.0.10:8080", [
        {
          type: type.network,
          name: "hg-net",
          properties: { name: "hg-net", internal: true, ipamConfigs: [{ subnet: "10.77.0.0/24" }] },
        },
      ]),
    ],
    bad: [
      example("Another machine by its name", "hb-name", "http://web.example.org"),
      example("Another machine by its address", "hb-address", "http://192.0.2.10:8080"),
      example("Another machine of the house", "hb-lan", "http://10.66.0.10:8080"),
    ],
  },
};

/** A name without dots is a container's or the host's own. */
function isOnHost(host: string, blocks: readonly string[]): boolean {
  if (HOST.test(host)) return true;
  if (!host.includes(".") && !host.includes(":")) return true;
  return isWithin(host, [...DOCKER_DEFAULT, ...blocks]);
}

function example(title: string, name: string, service: string, more: readonly ExampleResource[] = []) {
  const hostname = `${name}.example.com`;
  return of(title, routes(name, [{ hostname, service }]), application(`${name}-app`, hostname), ...more);
}
