import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import {
  ADMINISTRATION,
  ALL_PORTS,
  countPorts,
  describePorts,
  portRangesOf,
  SERVICES,
  UDP_SERVICES,
} from "#lib/ports.ts";
import type { PortRange } from "#lib/ports.ts";
import type { Properties } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

// A range of half of all ports was not drawn around a service.
const MANY = ALL_PORTS[1] / 2;

export const rule: Rule = {
  id: "cloudflare.spectrum",
  title: "Spectrum opens no port for administrators and of no inner service to the internet.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "Spectrum hands on packets: no login page of Access is before the port, and everybody tries it.",
  fix: "Reach the machine through a tunnel with an Access application before it, or through WARP.",
  waivable: "by-configuration",
  types: [cloudflare.spectrum],
  check: ({ properties }) =>
    [
      ...judge(properties, "protocol", isUdp(properties), [portOf(properties.text("protocol"))]),
      ...judge(
        properties,
        "originDirects",
        isUdp(properties),
        properties.texts("originDirects").map(({ value }) => value.split(":").at(-1)),
      ),
      ...judge(properties, "originPort", isUdp(properties), [
        properties.text("originPort"),
        rangeIn(properties.object("originPort")),
      ]),
      ...judge(properties, "originPortRange", isUdp(properties), [rangeIn(properties.object("originPortRange"))]),
    ].slice(0, 1),
  examples: {
    good: [application("A game", "xg-game", "tcp/25565"), application("The web", "xg-web", "tcp/443")],
    bad: [
      application("SSH", "xb-ssh", "tcp/22"),
      application("RDP behind another port", "xb-rdp", "tcp/8000", "tcp://203.0.113.5:3389"),
      application("Every port", "xb-all", "tcp/1-65535"),
      application("A database", "xb-database", "tcp/5432"),
    ],
  },
};

function isUdp(properties: Properties): boolean {
  return /^udp\b/i.test(properties.text("protocol")?.trim() ?? "");
}

/** `tcp/22`, `tcp/1000-2000`; `ssh` and `rdp` by their names alone. */
function portOf(protocol: string | undefined): string | undefined {
  const text = protocol?.trim().toLowerCase();
  return text === "ssh" ? "22" : text === "rdp" ? "3389" : text?.split("/").at(-1);
}

function rangeIn(range: Properties): string | undefined {
  const [start, end] = [range.text("start"), range.text("end")];
  return start === undefined || end === undefined ? undefined : `${start}-${end}`;
}

function judge(properties: Properties, name: string, udp: boolean, given: readonly (string | undefined)[]): Finding[] {
  const ranges = portRangesOf(given.filter((one) => one !== undefined));
  const what = whatIs(ranges, udp);
  if (what === undefined) return [];
  return [{ property: properties.path(name), found: `${what}, open to everybody`, expected: "a tunnel and Access" }];
}

function whatIs(ranges: readonly PortRange[], udp: boolean): string | undefined {
  if (countPorts(ranges) >= MANY) return "every port";
  return udp
    ? describePorts(ranges, UDP_SERVICES)
    : (describePorts(ranges, ADMINISTRATION) ?? describePorts(ranges, SERVICES));
}

function application(title: string, name: string, protocol: string, origin = "tcp://203.0.113.5"): Example {
  const dns = { type: "CNAME", name: `${name}.example.com` };
  const properties = { zoneId: exampleAccount, protocol, dns, originDirects: [origin] };
  return { title, resources: [{ type: cloudflare.spectrum, name, properties }] };
}
