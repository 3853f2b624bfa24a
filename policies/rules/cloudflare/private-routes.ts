import { covers, isInternet, isWithin } from "#lib/addresses.ts";
import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import { show } from "#lib/properties.ts";
import type { Stack } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { flawOfHost } from "../../../containment/name-owners.ts";

/** All that a house can have, and where a cloud answers for the machine itself. */
const WHOLE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "169.254.169.254/32", "168.63.129.16/32"];

/** An address that is nobody's. */
const SOMEWHERE = "192.0.2.1";

export const rule: Rule = {
  id: "cloudflare.private-routes",
  title: "A tunnel carries the networks that are needed, not all private ones.",
  severity: "medium",
  level: "advisory",
  references: [],
  why: "Every enrolled device then reaches every machine that the connector reaches, on every port.",
  fix: "Route the addresses of the services that devices need, such as a /32 or the subnet they are in.",
  waivable: "by-configuration",
  types: [cloudflare.tunnelRoute, cloudflare.hostnameRoute],
  checkStack: (stack) => [...networks(stack), ...hostnames(stack)],
  examples: {
    good: [
      route("One machine", "pg-one", "10.0.0.10/32"),
      route("A subnet", "pg-subnet", "10.20.30.0/24"),
      named("A name of ours", "pg-name", "wiki.example.com"),
    ],
    bad: [
      route("All of a private block", "pb-all", "10.0.0.0/8"),
      route("The internet", "pb-net", "0.0.0.0/0"),
      named("Every name", "pb-names", "*"),
      named("A name of others", "pb-name", "login.microsoftonline.com"),
      {
        title: "A private block in halves",
        resources: ["192.168.0.0/17", "192.168.128.0/17"].flatMap(
          (network, index) => route("", `pb-half-${String(index)}`, network).resources,
        ),
      },
    ],
  },
};

function networks(stack: Stack): Finding[] {
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
}

/** A route by name takes devices wherever its tunnel leads, also for names that belong to others. */
function hostnames(stack: Stack): Finding[] {
  return stack.ofType(cloudflare.hostnameRoute).flatMap(({ urn, properties }) => {
    const hostname = properties.text("hostname")?.trim().toLowerCase() ?? "";
    const bare = hostname.replace(/^\*\.?/, "");
    const isWhole = hostname.startsWith("*") && !bare.includes(".");
    const flaw = isWhole ? "every name" : flawOfHost(bare, SOMEWHERE);
    if (hostname === "" || flaw === undefined) return [];
    return [
      { urn, property: properties.path("hostname"), found: `${show(hostname)}, ${flaw}`, expected: "names of ours" },
    ];
  });
}

function named(title: string, name: string, hostname: string): Example {
  const tunnelId = "00000000-0000-4000-8000-000000000001";
  const properties = { accountId: exampleAccount, hostname, tunnelId };
  return { title, resources: [{ type: cloudflare.hostnameRoute, name, properties }] };
}

function route(title: string, name: string, network: string): Example {
  const properties = { accountId: exampleAccount, tunnelId: "00000000-0000-4000-8000-000000000001", network };
  return { title, resources: [{ type: cloudflare.tunnelRoute, name, properties }] };
}
