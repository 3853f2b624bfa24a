import { application, of, routes } from "#lib/cloudflare-examples.ts";
import { ingressesOf } from "#lib/cloudflare-ingress.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";

const web = { hostname: "ca.example.com", service: "http://web:8080" };

export const rule: Rule = {
  id: "cloudflare.catch-all",
  title: "A tunnel refuses what no route names.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "A last route that leads somewhere gives every hostname that ever points at the tunnel a service that nobody meant.",
  fix: "End the routes with `http_status:404`, and give every other route a hostname or a path.",
  waivable: "by-configuration",
  types: [cloudflare.tunnelConfig],
  check: (resource) => {
    const all = ingressesOf(resource);
    const unlimited = all
      .filter(({ limited, service }) => !limited && service !== undefined && !isRefusal(service))
      .map(({ properties, service }) => ({
        property: properties.path("service"),
        found: `${show(service)} for every name that no other route has`,
        expected: "http_status:404",
      }));
    const last = all.at(-1);
    if (last?.limited !== true || last.properties.isUnknown("hostname") || last.properties.isUnknown("path"))
      return unlimited;
    const property = last.properties.path("hostname");
    return [
      ...unlimited,
      { property, found: "the last route, and not for all", expected: "a last route to http_status:404" },
    ];
  },
  examples: {
    good: [
      of("404 at the end", routes("cg-end", [web]), application("cg-app", "ca.example.com")),
      of("403 is a refusal too", routes("cg-forbidden", [], [{ service: "http_status:403" }])),
    ],
    bad: [
      of("A service for everything else", routes("cb-service", [web], [{ service: "http://web:8080" }])),
      of("A service for every name", routes("cb-star", [web], [{ hostname: "*", service: "http://web:8080" }])),
      of("An answer that says all is well", routes("cb-fine", [web], [{ service: "http_status:200" }])),
      of("No end", routes("cb-none", [web], [])),
    ],
  },
};

function isRefusal(service: string): boolean {
  return /^http_status:[45]\d\d$/i.test(service);
}
