import { areInternet, isInternet } from "./addresses.ts";
import type { Properties } from "./properties.ts";
import { show } from "./properties.ts";
import type { Finding } from "./rule.ts";

/** Of a service's rules by address, those that let in the internet, or the list of those that add up to it. */
export function wideRules(firewall: Properties, name: string): Finding[] {
  const rules = firewall.objects("ipRules").map((one) => ({ property: one.path(name), value: one.text(name) ?? "" }));
  const wide = rules
    .filter(({ value }) => isInternet(value))
    .map(({ property, value }) => ({ property, found: show(value), expected: "the addresses that need it" }));
  if (wide.length > 0 || !areInternet(rules.map(({ value }) => value))) return wide;
  const found = `${String(rules.length)} blocks that add up to much of the internet`;
  return [{ property: firewall.path("ipRules"), found, expected: "the addresses that need it" }];
}
