import { areInternet, isInternet } from "#lib/addresses.ts";
import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

/** Settings by which whoever sits before a device takes it out of Gateway's sight. */
const LOOSE: readonly (readonly [name: string, weak: RegExp, expected: string])[] = [
  ["allowModeSwitch", /^true$/i, "false"],
  ["allowedToLeave", /^true$/i, "false"],
  ["switchLocked", /^false$/i, "true"],
  ["gatewayProxyEnabled", /^false$/i, "true"],
  ["disableForTime", /^[1-9]/, "0"],
  ["serviceModeV2Mode", /^(?:1dot1|posture_only)$/i, "warp"],
];

export const rule: Rule = {
  id: "cloudflare.devices",
  title: "Devices send their traffic through Gateway, and their users do not switch that off.",
  severity: "medium",
  level: "advisory",
  references: [],
  why: "What goes past Gateway is neither filtered nor logged, and malware switches off what its victim may switch off.",
  fix: "Exclude single addresses only, lock the switch, and let nobody leave the organization by himself.",
  waivable: "by-configuration",
  types: [
    ...[cloudflare.defaultDevices, cloudflare.devices, cloudflare.deviceSettings],
    ...[cloudflare.splitTunnel, cloudflare.gatewayPolicy],
  ],
  check: ({ type, properties }) => {
    if (type === cloudflare.gatewayPolicy) return policy(properties);
    if (type === cloudflare.splitTunnel) {
      return properties.text("mode")?.toLowerCase() === "exclude" ? past(properties, "tunnels") : [];
    }
    return [
      ...LOOSE.flatMap(([name, weak, expected]) => loose(properties, name, weak, expected)),
      ...loose(properties.object("serviceModeV2"), "mode", /^(?:1dot1|posture_only)$/i, "warp"),
      ...["exclude", "excludes"].flatMap((name) => past(properties, name)),
    ];
  },
  examples: {
    good: [
      devices("A printer that is reached directly", "wg-printer", {
        switchLocked: true,
        excludes: [{ address: "192.168.1.20/32" }],
      }),
    ],
    bad: [
      devices("Everything goes past Gateway", "wb-all", { excludes: [{ address: "0.0.0.0/0" }] }),
      devices("Anybody switches it off", "wb-switch", { allowModeSwitch: true, switchLocked: false }),
      devices("Anybody leaves", "wb-leave", { allowedToLeave: true }),
      {
        title: "Everything is allowed first",
        resources: [
          {
            type: cloudflare.gatewayPolicy,
            name: "wb-policy",
            properties: {
              accountId: exampleAccount,
              name: "all",
              action: "allow",
              precedence: 1,
              traffic: "net.dst.ip in {0.0.0.0/0}",
            },
          },
        ],
      },
    ],
  },
};

function loose(one: Properties, name: string, weak: RegExp, expected: string): Finding[] {
  const value = one.text(name);
  if (value === undefined || !weak.test(value.trim())) return [];
  return [{ property: one.path(name), found: show(one.get(name)), expected }];
}

function past(properties: Properties, name: string): Finding[] {
  const given = properties
    .objects(name)
    .map((one) => ({ path: one.path("address"), value: one.text("address") ?? "" }));
  const wide = given.find(({ value }) => isInternet(value));
  if (wide !== undefined) return [{ property: wide.path, found: show(wide.value), expected: "single addresses" }];
  if (!areInternet(given.map(({ value }) => value))) return [];
  const found = `${String(given.length)} blocks that add up to much of the internet`;
  return [{ property: properties.path(name), found, expected: "single addresses" }];
}

const EVERYTHING = /^\s*(?:true|any\(\S+ matches "\.\*"\)|\S+ matches "\.\*")\s*$/i;

/** A policy that lets everything pass comes before those that would have blocked something. */
function policy(properties: Properties): Finding[] {
  if (!/^(?:allow|off)$/i.test(properties.text("action")?.trim() ?? "") || properties.flag("enabled") === false)
    return [];
  if (["identity", "devicePosture"].some((name) => (properties.text(name) ?? "") !== "" || properties.isUnknown(name)))
    return [];
  const traffic = properties.text("traffic")?.slice(0, 4096) ?? "";
  const list = /^\s*net\.dst\.ip in \{([^}]*)\}\s*$/i.exec(traffic)?.[1]?.trim().split(/\s+/) ?? [];
  if (!EVERYTHING.test(traffic) && !list.some(isInternet) && !areInternet(list)) return [];
  return [
    { property: properties.path("traffic"), found: `${show(traffic)}, which is everything`, expected: "what is meant" },
  ];
}

function devices(title: string, name: string, changes: object): Example {
  const properties = { accountId: exampleAccount, ...changes };
  return { title, resources: [{ type: cloudflare.defaultDevices, name, properties }] };
}
