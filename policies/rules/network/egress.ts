import { container, internalNetwork, labels } from "#lib/examples.ts";
import { label, labelsOf } from "#lib/labels.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { ExampleResource, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const record = {
  id: "network.egress",
  reason: "it is the way out for all others",
  owner: "security",
  expires: "2027-06-30",
};
const service = labels({ "garrison.service": "example" });
const waived = labels({ "garrison.service": "example", "garrison.waivers": "network.egress" });
const limits = { type: type.pidLimits, name: "pids", properties: { limits: { example: 64 } } };

/** Not networks of a program: `container.default-bridge` and `container.host-namespaces` see to them. */
const MODES = /^(|none|host|bridge|default|container:.*)$/;

export const rule: Rule = {
  id: "network.egress",
  title: "Services of an estate reach the internet through its proxy.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI02", "OWASP ASI10"],
  why: "Whoever takes over a container with a way out of its own can send everything it sees anywhere.",
  fix: "Put the service on internal networks and give it a flow to the egress proxy; where that cannot be, waive the rule with a reason.",
  waivable: "by-label",
  types: [type.container],
  checkStack: ({ resources }) => {
    const declared = resources.filter((resource) => resource.type === type.network);
    const networks = networksOf(declared);
    const allNamed = !declared.some(({ properties }) => properties.isUnknown("name"));
    return resources
      .filter((resource) => resource.type === type.container && labelsOf(resource).has(label.service))
      .flatMap((resource) => waysOut(resource, networks, allNamed));
  },
  examples: {
    good: [
      {
        title: "A service on an internal network",
        resources: [internalNetwork, container({ labels: service }), limits],
      },
      {
        title: "A service on no network",
        resources: [container({ labels: service, networkMode: "none", networksAdvanced: undefined }), limits],
      },
      {
        title: "A recorded way out",
        resources: [
          network("recorded-net"),
          { type: type.hardenedContainer, name: "hardened", properties: { waivers: [record] } },
          { ...on(["recorded-net"], waived), parent: "hardened" },
          limits,
        ],
      },
      { title: "Another program's container", resources: [network("foreign-net"), on(["foreign-net"], [])] },
    ],
    bad: [
      {
        title: "A service on a network that leads out",
        resources: [network("open-net", { internal: false }), on(["open-net"], service)],
      },
      {
        title: "A network leads out unless it says otherwise",
        resources: [network("default-net"), on(["default-net"], service)],
      },
      {
        title: "One network of several",
        resources: [internalNetwork, network("other-net"), on(["example-net", "other-net"], service)],
      },
      {
        title: "A network that the program does not declare, so that nobody knows where it leads",
        resources: [on(["undeclared-net"], service)],
      },
    ],
  },
};

/** Whether a network is internal, by its name on the host; undefined where that is not known yet. */
type Networks = ReadonlyMap<string, boolean | undefined>;

function networksOf(declared: Stack["resources"]): Networks {
  return new Map(
    declared.map(({ name, properties }) => {
      const internal = properties.flag("internal") === true;
      return [properties.text("name") ?? name, properties.isUnknown("internal") ? undefined : internal] as const;
    }),
  );
}

/** @param allNamed whether the name of every network is known: otherwise a name that is not among them may be one */
function waysOut(resource: Resource, networks: Networks, allNamed: boolean): Finding[] {
  const { properties } = resource;
  const joined = [
    ...properties.objects("networksAdvanced").map((own) => ({ name: own.text("name"), path: own.path("name") })),
    ...mode(properties),
  ];
  const seen = new Set<string>();
  return joined.flatMap(({ name, path }) => {
    if (name === undefined || seen.has(name)) return [];
    const known = networks.has(name);
    if (known ? networks.get(name) !== false : !allNamed) return [];
    seen.add(name);
    const what = known ? "a network that leads out" : "a network that this program does not declare";
    return [
      { urn: resource.urn, property: path, found: `${show(name)}, ${what}`, expected: "networks that are internal" },
    ];
  });
}

function mode(properties: Properties): { name: string; path: string }[] {
  const name = properties.text("networkMode") ?? "";
  return MODES.test(name) ? [] : [{ name, path: "networkMode" }];
}

function network(name: string, changes: Readonly<Record<string, unknown>> = {}): ExampleResource {
  return { type: type.network, name, properties: { name, ...changes } };
}

/** A container on networks of these names: each example has names of its own, so that they can be judged together. */
function on(names: readonly string[], marks: typeof service): ExampleResource {
  return container({ labels: marks, networksAdvanced: names.map((name) => ({ name })) });
}
