import { covers, isInternet, isWithin } from "../../lib/addresses.ts";
import { exampleAccount } from "../../lib/cloudflare-examples.ts";
import { cloudflare } from "../../lib/cloudflare-types.ts";
import { show } from "../../lib/properties.ts";
import type { Example, Rule } from "../../lib/rule.ts";

/** All that a house can have, and where a cloud answers for the machine itself. */
const WHOLE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "169.254.169.254/32", "168.63.129.16/32"];

export const rule: Rule = {
  id: "cloudflare.private-routes",
  title: "A tunnel carries the networks that are needed, not all private ones.",
  severity: "medium",
  level: "advisory",
  references: [],
  why: "Every enrolled device then reaches every machine that the connector reaches, on every port.",
  fix: "Route the addresses of the services that devices need, such as a /32 or the subnet they are in.",
  waivable: "by-configuration",
  types: [cloudflare.tunnelRoute],
  checkStack: (stack) => {
    const routes = stack.ofType(cloudflare.tunnelRoute).map(({ urn, properties }) => ({
      urn,
      property: properties.path("network"),
      network: properties.text("network")?.trim() ?? "",
    }));
    const all = routes.map(({ network }) => network);
    return routes
      .filter(
        ({ network }) =>
          isInternet(network) ||
          WHOLE.some((block) => covers([network], block) || (isWithin(network, [block]) && covers(all, block))),
      )
      .map(({ urn, property, network }) => ({ urn, property, found: show(network), expected: "the networks needed" }));
  },
  examples: {
    good: [route("One machine", "pg-one", "10.0.0.10/32"), route("A subnet", "pg-subnet", "10.20.30.0/24")],
    bad: [
      route("All of a private block", "pb-all", "10.0.0.0/8"),
      route("The internet", "pb-net", "0.0.0.0/0"),
      {
        title: "A private block in halves",
        resources: ["192.168.0.0/17", "192.168.128.0/17"].flatMap(
          (network, index) => route("", `pb-half-${String(index)}`, network).resources,
        ),
      },
    ],
  },
};

function route(title: string, name: string, network: string): Example {
  const properties = { accountId: exampleAccount, tunnelId: "00000000-0000-4000-8000-000000000001", network };
  return { title, resources: [{ type: cloudflare.tunnelRoute, name, properties }] };
}
