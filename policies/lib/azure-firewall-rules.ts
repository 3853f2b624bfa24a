import { isText } from "./azure-resources.ts";
import type { Opening, SecurityRule } from "./azure-openings.ts";
import { openingsOf } from "./azure-openings.ts";
import type { PortRange } from "./ports.ts";
import { ADMINISTRATION, ALL_PORTS, hasPort, portRangesOf } from "./ports.ts";
import type { Properties } from "./properties.ts";

const WEB: readonly PortRange[] = portRangesOf(["80", "443"]);

/** What a firewall hands on to machines, or lets pass, from the internet. */
export function openingsOfFirewall(properties: Properties, administrators: readonly string[]): readonly Opening[] {
  const collections = ["ruleCollections", "natRuleCollections", "networkRuleCollections"].flatMap((name) =>
    properties.objects(name).map((one) => ({ one, isNat: isNat(one, name) })),
  );
  const of = (kind: boolean) =>
    collections.filter(({ isNat: nat }) => nat === kind).flatMap(({ one }) => rulesOf(one, kind));
  // What is translated passes before any rule on networks is asked.
  return [of(true), of(false)].flatMap((rules) => rules.flatMap((one) => openingsOf(one, rules, administrators)));
}

function isNat(collection: Properties, name: string): boolean {
  return name === "natRuleCollections" || isText(actionOf(collection), "DNAT");
}

/** An object in Azure Native, a word in @pulumi/azure. */
function actionOf(collection: Properties): string | undefined {
  return collection.text("action") ?? collection.object("action").text("type");
}

function rulesOf(collection: Properties, nat: boolean): SecurityRule[] {
  const uncertain = collection.isUnknown("action");
  return collection.objects("rules").flatMap((rule) => {
    const protocols = ["ipProtocols", "protocols"].flatMap((name) => rule.texts(name).map(({ value }) => value));
    const common = {
      priority: collection.number("priority") ?? 65_000,
      allows: !isText(actionOf(collection), "Deny"),
      inbound: true,
      sources: rule.texts("sourceAddresses"),
      sourcePorts: [ALL_PORTS],
      ports: nat ? translated(rule) : portsOf(rule, "destinationPorts"),
      destinations: destinationsOf(rule, nat),
      uncertain: uncertain || ["destinationPorts", "translatedPort"].some((name) => rule.isUnknown(name)),
      mayRefuse: uncertain,
    };
    return protocols.map((one) => ({ ...common, protocol: isText(one, "Any") ? "*" : one.trim().toLowerCase() }));
  });
}

/** A web port may lead to any port that is no administrator's. */
function translated(rule: Properties): readonly PortRange[] {
  const outer = portsOf(rule, "destinationPorts");
  const inner = portRangesOf([rule.text("translatedPort") ?? ""]);
  if (inner.length === 0) return outer;
  const isWeb = outer.every(([first, last]) => WEB.some(([from, to]) => from <= first && last <= to));
  const isForAdministrators = [...ADMINISTRATION.keys()].some((port) => hasPort(inner, port));
  return isWeb && !isForAdministrators ? outer : inner;
}

function portsOf(rule: Properties, name: string): readonly PortRange[] {
  return portRangesOf(rule.texts(name).map(({ value }) => value));
}

/** Where a translation leads is one machine, whatever address it was asked by. */
function destinationsOf(rule: Properties, nat: boolean): readonly string[] {
  const given = nat ? [] : rule.texts("destinationAddresses").map(({ value }) => value.trim().toLowerCase());
  return given.length === 0 ? ["*"] : given;
}
