import { withContainer } from "#lib/examples.ts";
import { isDefaultMode } from "#lib/programs.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "container.default-bridge",
  title: "No container joins Docker's default bridge.",
  severity: "medium",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.30", "OWASP ASI07"],
  why: "On the default bridge every container reaches every other one, and the internet.",
  fix: 'Name the networks in `networksAdvanced` and leave `networkMode` out, or set it to "none".',
  waivable: "by-label",
  types: [type.container],
  check: (resource) => [...noNetwork(resource), ...joinedBridge(resource)],
  examples: {
    good: [
      withContainer("A network by name", {}),
      withContainer("A network, and the mode that the provider fills in: it leaves the bridge before the start", {
        networkMode: "bridge",
      }),
      withContainer("No network at all", { networkMode: "none", networksAdvanced: undefined }),
    ],
    bad: [
      withContainer("Nothing said", { networkMode: undefined, networksAdvanced: undefined }),
      withContainer("The bridge by name", { networkMode: "bridge", networksAdvanced: undefined }),
      withContainer("The default by name", { networkMode: "default", networksAdvanced: [] }),
      withContainer("The bridge as one of several networks", {
        networksAdvanced: [{ name: "example-net" }, { name: "bridge" }],
      }),
    ],
  },
};

function noNetwork({ properties }: Resource): Finding[] {
  const mode = properties.text("networkMode");
  if (properties.isUnknown("networksAdvanced") || properties.objects("networksAdvanced").length > 0) return [];
  if (!isDefaultMode(mode ?? "")) return [];
  return [{ property: "networkMode", found: show(mode), expected: 'networks in `networksAdvanced`, or "none"' }];
}

function joinedBridge({ properties }: Resource): Finding[] {
  return properties
    .objects("networksAdvanced")
    .map((network) => ({ property: network.path("name"), name: network.text("name") }))
    .filter(({ name }) => name !== undefined && isDefaultMode(name))
    .map(({ property, name }) => ({ property, found: show(name), expected: "the name of a network of its own" }));
}
