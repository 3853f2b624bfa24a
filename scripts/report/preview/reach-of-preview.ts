import { securityRuleOf } from "#policies/lib/azure-openings.ts";
import { azure } from "#policies/lib/azure-types.ts";
import { ingressesOf, isAnswer } from "#policies/lib/cloudflare-ingress.ts";
import { cloudflare } from "#policies/lib/cloudflare-types.ts";
import { containerOf } from "#policies/lib/containers.ts";
import { graphOf } from "#policies/lib/graph.ts";
import type { PortRange } from "#policies/lib/ports.ts";
import type { Properties } from "#policies/lib/properties.ts";
import type { Resource, Stack } from "#policies/lib/resource.ts";
import { looksSecretByName } from "#policies/lib/secret-patterns.ts";
import { isWide } from "../is-wide.ts";
import { knownAs } from "../resource-facts.ts";
import type { Part } from "../side.ts";

/**
 * Who meets whom, as far as a program shows it: a container reaches every other one on its networks, and by a network that
 * leads out the internet, with the metadata service wherever the machine does not refuse it.
 */
export function pathsIn(stack: Stack): Part<"paths">[] {
  const graph = graphOf(stack);
  const members = Map.groupBy(
    graph.programs.flatMap(({ resource, networks }) =>
      networks.map(({ name }) => ({ network: name, who: knownAs(resource) })),
    ),
    ({ network }) => network,
  );
  return graph.programs.flatMap((program) => {
    const from = knownAs(program.resource);
    const joined = [...new Set(program.networks.map(({ name }) => name))].map((over) => {
      const others = (members.get(over) ?? []).map(({ who }) => who).filter((who) => who !== from);
      return { from, to: `network ${over}`, port: "", over, why: meets(others) };
    });
    const out = graph.waysOut(program).flatMap(({ property, found }) => {
      if (property.startsWith("ports.")) return [];
      const over = /^"([^"]+)"/.exec(found)?.[1] ?? "the machine's network";
      const metadata = "169.254.169.254 too, where the machine does not refuse it";
      return [
        { from, to: "internet", port: "", over, why: found },
        { from, to: "metadata", port: "", over, why: metadata },
      ];
    });
    return [...joined, ...out];
  });
}

function meets(others: readonly string[]): string {
  const distinct = [...new Set(others)].sort();
  if (distinct.length === 0) return "nobody else of this program is on it";
  const shown = distinct.slice(0, 5).join(", ");
  return `it meets ${shown}${distinct.length > 5 ? ` and ${String(distinct.length - 5)} more` : ""} there`;
}

/** What is published, let in by a security group, or brought in by a tunnel. */
export function openingsIn(stack: Stack): Part<"openings">[] {
  return [
    ...graphOf(stack).programs.flatMap(({ resource }) => published(resource)),
    ...stack.ofType(azure.securityGroup).flatMap((group) => {
      const on = group.properties.text("networkSecurityGroupName") ?? group.name;
      return group.properties.objects("securityRules").flatMap((rule) => letIn(on, rule));
    }),
    ...stack.ofType(azure.securityRule).flatMap(({ name, properties }) => {
      return letIn(properties.text("networkSecurityGroupName") ?? name, properties);
    }),
    ...stack.ofType(cloudflare.tunnelConfig).flatMap(tunnelled),
  ];
}

function published(resource: Resource): Part<"openings">[] {
  return containerOf(resource)
    .objects("ports")
    .map((port) => {
      const at = port.text("ip") ?? "0.0.0.0";
      const protocol = port.text("protocol") === "udp" ? "/udp" : "";
      return {
        on: knownAs(resource),
        port: `${port.text("external") ?? port.text("internal") ?? "any"}${protocol}`,
        from: `whoever reaches ${at}`,
        public: isWide(at),
        why: "a published port",
      };
    });
}

function letIn(on: string, properties: Properties): Part<"openings">[] {
  const rule = securityRuleOf(properties);
  if (!rule.allows || !rule.inbound) return [];
  const protocol = rule.protocol === "udp" ? "/udp" : "";
  const why = properties.text("description") ?? properties.text("name") ?? "a rule of its security group";
  return rule.sources.flatMap(({ value: from }) =>
    rule.ports.map((range) => ({ on, port: `${inWords(range)}${protocol}`, from, public: isWide(from), why })),
  );
}

function inWords([first, last]: PortRange): string {
  return first === last
    ? String(first)
    : first === 0 && last === 65_535
      ? "every port"
      : `${String(first)}-${String(last)}`;
}

function tunnelled(config: Resource): Part<"openings">[] {
  return ingressesOf(config).flatMap(({ hostname, path, service }) => {
    if (service === undefined || isAnswer(service)) return [];
    const from = `${hostname ?? "every name"}${path ?? ""}`;
    return [{ on: service, port: "the tunnel", from, public: true, why: "a tunnel of Cloudflare's" }];
  });
}

/** Variables of containers that are keys by their names. Their values are not looked at. */
export function credentialsIn(stack: Stack): Part<"credentials">[] {
  return graphOf(stack).programs.flatMap(({ resource }) => {
    const texts = containerOf(resource).texts("envs");
    const secrets = texts.map(({ value }) => value.split("=")[0] ?? "").filter((name) => looksSecretByName(name));
    return [...new Set(secrets)].map((secret) => ({
      ...{ secret, opens: "not known", reader: knownAs(resource), holds: "value" as const, at: ["its environment"] },
    }));
  });
}
