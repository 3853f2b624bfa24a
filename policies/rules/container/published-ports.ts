import { isService, onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { FIRST_UNPRIVILEGED, isEveryAddress } from "../../../containment/ports.ts";

const PORTS = [{ internal: 8080, external: 18080, ip: "127.0.0.1" }];
const port = (changes: object) => ({ ports: [{ ...PORTS[0], ...changes }] });

export const rule: Rule = {
  id: "container.published-ports",
  title: "Every published port names the address of the host it is open on, and is not a privileged one.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.8", "CIS Docker 1.6.0, 5.14", "OWASP Docker rule 5a"],
  why: "Docker opens a port without an address on every interface, past the host's own firewall rules.",
  fix: "Set `ip` to the address that the callers use, 127.0.0.1 behind a proxy on the host, and `external` to 1024 or more.",
  waivable: "by-label",
  ...onContainers((container, resource) => [
    ...container
      .objects("ports")
      .flatMap((own) => [...(isService(resource) ? everyNode(own) : address(own)), ...privileged(own)]),
    ...publishAll(container),
  ]),
  examples: {
    good: [
      withContainer("No port", {}),
      withContainer("The loopback", { ports: PORTS }),
      withContainer("An address of the host", port({ ip: "192.0.2.10" })),
      withContainer("The loopback, IPv6", port({ ip: "::1" })),
    ],
    bad: [
      withContainer("No address", port({ ip: undefined })),
      withContainer("An empty address", port({ ip: "" })),
      withContainer("Every IPv4 address", port({ ip: "0.0.0.0" })),
      withContainer("Every address, IPv6", port({ ip: "::" })),
      withContainer("Every address in brackets", port({ ip: "[::]" })),
      withContainer("Every address, written long", port({ ip: "0:0:0:0:0:0:0:0" })),
      withContainer("Every IPv4 address, mapped", port({ ip: "::ffff:0.0.0.0" })),
      withContainer("A privileged port", port({ external: 443 })),
      withContainer("Every port of the image", { publishAllPorts: true }),
    ],
  },
};

function address(own: Properties): Finding[] {
  const ip = own.text("ip");
  if (own.isUnknown("ip") || (ip !== undefined && !isEveryAddress(ip))) return [];
  return [{ property: own.path("ip"), found: `${show(ip)}, every address`, expected: "one address of the host" }];
}

/** A port of a service has no address: it is open on every address of every node. */
function everyNode(own: Properties): Finding[] {
  if (own.number("external") === undefined) return [];
  const found = "a port of a service, which is open on every address of every node";
  return [{ property: own.path("external"), found, expected: "a proxy on the service's network instead" }];
}

function privileged(own: Properties): Finding[] {
  const external = own.number("external");
  if (external === undefined || external < 1 || external >= FIRST_UNPRIVILEGED) return [];
  const expected = `${String(FIRST_UNPRIVILEGED)} or more`;
  return [{ property: own.path("external"), found: show(external), expected }];
}

function publishAll(container: Properties): Finding[] {
  if (container.flag("publishAllPorts") !== true) return [];
  return [{ property: "publishAllPorts", found: "true", expected: "the ports one by one in `ports`" }];
}
