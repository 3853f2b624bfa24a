import { admissionsOf, closeness, isGuard, isOpenEnded, placesOf } from "#lib/cloudflare-access.ts";
import { application, of, routes } from "#lib/cloudflare-examples.ts";
import type { Ingress } from "#lib/cloudflare-ingress.ts";
import { ingressesOf, isAnswer } from "#lib/cloudflare-ingress.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import { show } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Rule } from "#lib/rule.ts";

const web = (hostname: string, path?: string) => ({ hostname, service: "http://web:8080", ...(path && { path }) });

export const rule: Rule = {
  id: "cloudflare.access",
  title: "Every route of a tunnel is behind an Access application.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "A tunnel makes a service on a closed network public, and without Access the service's own login is all there is.",
  fix: "Declare an Access application for the hostname with a policy that names who may come in.",
  waivable: "by-configuration",
  types: [cloudflare.tunnelConfig],
  looksAt: [cloudflare.accessApplication, cloudflare.accessPolicy],
  checkStack: (stack) => {
    const applications = stack.ofType(cloudflare.accessApplication).filter(isGuard);
    return stack.ofType(cloudflare.tunnelConfig).flatMap((config) =>
      ingressesOf(config).flatMap((route) => {
        const problem = problemOf(route, applications, stack);
        if (problem === undefined) return [];
        const property = route.properties.path("hostname");
        return [
          {
            urn: config.urn,
            property,
            found: `${show(route.hostname)}, ${problem}`,
            expected: "an Access application",
          },
        ];
      }),
    );
  },
  examples: {
    good: [
      of(
        "An application for the hostname",
        routes("ag-exact", [web("ag.example.com")]),
        application("ag-app", "ag.example.com"),
      ),
      of(
        "An application for all names of a level",
        routes("ag-star", [web("a.ag.example.net")]),
        application("ag-all", "*.ag.example.net"),
      ),
      of(
        "An application for the path that the route serves",
        routes("ag-path", [web("ag-path.example.com", "^/admin/.*")]),
        application("ag-admin", "ag-path.example.com/admin"),
      ),
      of(
        "The connector checks for Access itself",
        routes("ag-checked", [
          {
            ...web("ag-checked.example.com"),
            originRequest: { access: { required: true, teamName: "example", audTags: ["0123456789abcdef"] } },
          },
        ]),
      ),
      of(
        "A route that only answers",
        routes("ag-answer", [{ hostname: "ag-gone.example.com", service: "http_status:410" }]),
      ),
    ],
    bad: [
      of("No application", routes("ab-none", [web("ab-none.example.com")])),
      of(
        "An application for another name",
        routes("ab-other", [web("ab-other.example.com")]),
        application("ab-else", "ab-else.example.com"),
      ),
      of(
        "A star covers one level only",
        routes("ab-deep", [web("a.b.ab.example.com")]),
        application("ab-star", "*.ab.example.com"),
      ),
      of(
        "An application for one path of the route",
        routes("ab-path", [web("ab-path.example.com")]),
        application("ab-part", "ab-path.example.com/admin"),
      ),
      of(
        "An application that is only a link",
        routes("ab-link", [web("ab-link.example.com")]),
        application("ab-bookmark", "ab-link.example.com", { type: "bookmark" }),
      ),
      of(
        "An application that lets everybody pass it by",
        routes("ab-bypass", [web("ab-bypass.example.com")]),
        application("ab-open", "ab-bypass.example.com", {
          policies: [{ name: "open", decision: "bypass", includes: [{ everyone: {} }] }],
        }),
      ),
      of(
        "The closest application decides",
        routes("ab-close", [web("x.ab.example.net")]),
        application("ab-wide", "*.ab.example.net"),
        application("ab-near", "x.ab.example.net", {
          policies: [{ name: "open", decision: "bypass", includes: [{ everyone: {} }] }],
        }),
      ),
    ],
  },
};

function problemOf(route: Ingress, applications: readonly Resource[], stack: Stack): string | undefined {
  const { hostname, path, service } = route;
  if (hostname === undefined || service === undefined || isAnswer(service) || isChecked(route)) return undefined;
  if (route.properties.isUnknown("path")) return undefined;
  const near = applications
    .flatMap((one) => placesOf(one).map((place) => ({ one, close: closeness(place, hostname, path) })))
    .filter((match): match is { one: Resource; close: number } => match.close !== undefined)
    .toSorted((a, b) => b.close - a.close)[0];
  // What is not known yet may be closer, or the only one.
  if (applications.some(isOpenEnded)) return undefined;
  if (near === undefined) return "which no Access application covers";
  const admissions = admissionsOf(near.one, stack);
  // Without a policy an application lets nobody in.
  if (admissions === undefined || admissions.length === 0) return undefined;
  const onlyBypasses = admissions.every(({ decision }) => decision?.toLowerCase() === "bypass");
  return onlyBypasses ? `whose application ${near.one.name} only bypasses Access` : undefined;
}

/** Whether the connector refuses what has no token of Access. */
function isChecked({ properties }: Ingress): boolean {
  const access = properties.object("originRequest").object("access");
  return access.flag("required") === true && (access.texts("audTags").length > 0 || access.isUnknown("audTags"));
}
