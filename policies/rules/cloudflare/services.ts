import { areInternet, isInternet } from "#lib/addresses.ts";
import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

const FEW = "the addresses that need it";

/** The role of this id may do everything, and decides who else may. */
const SUPER_ADMINISTRATOR = "33666b9c79b9a5273fc7344ff42f953d";

export const rule: Rule = {
  id: "cloudflare.services",
  title: "What is for some is not open to everybody, and origins and their checks are verified.",
  severity: "medium",
  level: "advisory",
  references: [],
  why: "A list with everybody in it protects nothing, and an origin that is not verified is whoever answers.",
  fix: "Name the addresses, and leave the checks on.",
  waivable: "by-configuration",
  types: [
    ...[cloudflare.gatewayProxy, cloudflare.lockdown, cloudflare.transfers, cloudflare.workerSubdomain],
    ...[cloudflare.accountMember, cloudflare.ruleset],
    ...[cloudflare.monitor, cloudflare.healthCheck, cloudflare.originPulls, cloudflare.originPullsSettings],
  ],
  check: ({ type, properties }) => {
    switch (type) {
      case cloudflare.gatewayProxy:
        return wide(properties.texts("ips"));
      case cloudflare.transfers:
        return wide([{ path: properties.path("ipRange"), value: properties.text("ipRange") ?? "" }]);
      case cloudflare.lockdown:
        return wide(
          properties
            .objects("configurations")
            .map((one) => ({ path: one.path("value"), value: one.text("value") ?? "" })),
        );
      case cloudflare.accountMember:
        return superAdministrators(properties);
      case cloudflare.ruleset:
        return properties.objects("rules").flatMap(redirects);
      case cloudflare.workerSubdomain:
        return is(properties, "enabled", true, "false: a route or a name of the zone");
      case cloudflare.monitor:
        return is(properties, "allowInsecure", true, "false");
      case cloudflare.healthCheck:
        return [properties, properties.object("httpConfig")].flatMap((one) => is(one, "allowInsecure", true, "false"));
      default:
        // For one name or several: release 6 of the provider has a list of them.
        return [properties, ...properties.objects("configs")].flatMap((one) => is(one, "enabled", false, "true"));
    }
  },
  examples: {
    good: [
      example("A proxy for one office", cloudflare.gatewayProxy, "eg-proxy", {
        name: "proxy",
        ips: ["203.0.113.7/32"],
      }),
      example("A member for one thing", cloudflare.accountMember, "eg-member", {
        email: "ada@example.com",
        roles: ["069fe803647ed3609e93d041d5df6050"],
      }),
      example("A check of health", cloudflare.monitor, "eg-monitor", { type: "https", allowInsecure: false }),
    ],
    bad: [
      example("A proxy for everybody", cloudflare.gatewayProxy, "eb-proxy", { name: "proxy", ips: ["0.0.0.0/0"] }),
      example("A member who may do everything", cloudflare.accountMember, "eb-member", {
        email: "ada@example.com",
        roles: [SUPER_ADMINISTRATOR],
      }),
      example("A redirect to wherever the address says", cloudflare.ruleset, "eb-redirect", {
        kind: "zone",
        phase: "http_request_dynamic_redirect",
        rules: [
          {
            action: "redirect",
            expression: "true",
            actionParameters: { fromValue: { targetUrl: { expression: 'http.request.uri.args["to"][0]' } } },
          },
        ],
      }),
      example("A check of health that takes any certificate", cloudflare.monitor, "eb-monitor", {
        type: "https",
        allowInsecure: true,
      }),
      example("A Worker under a name of Cloudflare's", cloudflare.workerSubdomain, "eb-worker", {
        scriptName: "example",
        enabled: true,
      }),
      {
        title: "A name whose origin anybody may ask",
        resources: [
          {
            type: cloudflare.originPulls,
            name: "eb-pulls",
            properties: {
              zoneId: exampleAccount,
              configs: [{ hostname: "www.example.com", certId: "c", enabled: false }],
            },
          },
        ],
      },
      {
        title: "A lockdown for everybody",
        resources: [
          {
            type: cloudflare.lockdown,
            name: "eb-lockdown",
            properties: {
              zoneId: exampleAccount,
              urls: ["example.com/admin/*"],
              configurations: [{ target: "ip_range", value: "0.0.0.0/0" }],
            },
          },
        ],
      },
    ],
  },
};

function wide(given: readonly { readonly path: string; readonly value: string }[]): Finding[] {
  const found = given
    .filter(({ value }) => isInternet(value))
    .map(({ path, value }) => ({ property: path, found: show(value), expected: FEW }));
  const [first] = given;
  if (found.length > 0 || first === undefined || !areInternet(given.map(({ value }) => value))) return found;
  const blocks = `${String(given.length)} blocks that add up to much of the internet`;
  return [{ property: first.path, found: blocks, expected: FEW }];
}

function superAdministrators(properties: Properties): Finding[] {
  return ["roles", "roleIds"]
    .flatMap((name) => properties.texts(name))
    .filter(({ value }) => value.trim() === SUPER_ADMINISTRATOR)
    .map(({ path }) => ({ property: path, found: "Super Administrator", expected: "the roles that the person needs" }));
}

/** A page of one's own name that leads wherever its address says is what messages that steal passwords point to. */
function redirects(one: Properties): Finding[] {
  const target = one.object("actionParameters").object("fromValue").object("targetUrl");
  const expression = target.text("expression") ?? "";
  if (
    one.flag("enabled") === false ||
    !/^\s*(?:concat\(\s*"https?:\/\/"\s*,\s*)?http\.request\.(?:uri\.args|headers|cookies)\[/.test(expression)
  )
    return [];
  return [
    { property: target.path("expression"), found: show(expression), expected: "an address of the program's own" },
  ];
}

function is(one: Properties, name: string, weak: boolean, expected: string): Finding[] {
  return one.flag(name) === weak ? [{ property: one.path(name), found: String(weak), expected }] : [];
}

function example(title: string, type: string, name: string, properties: object): Example {
  return { title, resources: [{ type, name, properties: { accountId: exampleAccount, ...properties } }] };
}
