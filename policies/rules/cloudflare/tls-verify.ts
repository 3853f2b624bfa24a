import { application, of, routes } from "#lib/cloudflare-examples.ts";
import { ingressesOf, originOf } from "#lib/cloudflare-ingress.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Rule } from "#lib/rule.ts";

const WITHOUT_TLS = new Set(["http", "ws"]);

const app = application("vg-app", "v.example.com");
const web = { hostname: "v.example.com", service: "https://web.example.org" };
const unchecked = { noTlsVerify: true };

export const rule: Rule = {
  id: "cloudflare.tls-verify",
  title: "A tunnel checks the certificate of the service it leads to.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "Without the check, whoever answers first on the way is taken for the service and reads everything.",
  fix: "Remove `noTlsVerify`; give the service's own authority in `caPool` and its name in `originServerName`.",
  waivable: "by-configuration",
  types: [cloudflare.tunnelConfig],
  check: (resource) => {
    const common = resource.properties.object("config").object("originRequest");
    const routes = ingressesOf(resource).map(({ properties, service }) => {
      const own = properties.object("originRequest");
      const applies = service !== undefined && usesTls(service);
      return { own, applies, common: own.get("noTlsVerify") === undefined && !own.isUnknown("noTlsVerify") };
    });
    const findings = routes
      .filter(({ own, applies }) => applies && own.flag("noTlsVerify") === true)
      .map(({ own }) => own.path("noTlsVerify"));
    const forAll = common.flag("noTlsVerify") === true && routes.some((route) => route.applies && route.common);
    return [...findings, ...(forAll ? [common.path("noTlsVerify")] : [])].map((property) => ({
      property,
      found: "true",
      expected: "false, with the service's authority in caPool",
    }));
  },
  examples: {
    good: [
      of("Checked", routes("vg-checked", [web]), app),
      of(
        "Nothing to check",
        routes("vg-plain", [{ ...web, service: "http://web:8080", originRequest: unchecked }]),
        app,
      ),
      of(
        "Unchecked by default, and checked where it matters",
        routes("vg-own", [{ ...web, originRequest: { noTlsVerify: false } }], undefined, { originRequest: unchecked }),
        app,
      ),
    ],
    bad: [
      of("Unchecked", routes("vb-route", [{ ...web, originRequest: unchecked }])),
      of("Unchecked by default", routes("vb-all", [web], undefined, { originRequest: unchecked })),
    ],
  },
};

function usesTls(service: string): boolean {
  const origin = originOf(service);
  return origin !== undefined && !WITHOUT_TLS.has(origin.scheme) && origin.scheme !== "ssh" && origin.scheme !== "rdp";
}
