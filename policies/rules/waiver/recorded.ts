import { container, labels } from "#lib/examples.ts";
import { isOurs, waiversOf } from "#lib/labels.ts";
import type { Properties } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Context, ExampleResource, Finding, Rule } from "#lib/rule.ts";
import { LABELLED, type } from "#lib/types.ts";
import { flawsOf } from "#lib/waivers.ts";

const SOCKET_RULE = "container.sensitive-mounts";
const NAMES = { reason: "reason", owner: "owner", expires: "expiry" };

const bare = { labels: labels({ "garrison.waivers": "container.read-only-root" }), readOnly: false };
const socket = { mounts: [{ type: "bind", source: "/run/docker.sock", target: "/docker.sock" }] };

export const rule: Rule = {
  id: "waiver.recorded",
  title: "Every waiver in an estate, and everywhere a waiver of what gives the host away, is recorded.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "A departure that nobody owns and that never ends is how hardening wears off.",
  fix: "Declare the waiver on the HardenedContainer with id, reason, owner and expires, or in `waivers` of the pack configuration; not as a bare label.",
  waivable: "never",
  types: [],
  settings: {
    requireRecord: {
      type: "boolean",
      description: "Ask for a record of every waiver in the program, not only in a program with a Garrison estate.",
    },
  },
  checkStack: (stack, context) => {
    const everywhere = context.config.requireRecord === true || stack.resources.some(isOfEstate);
    return LABELLED.flatMap((labelled) => stack.ofType(labelled)).flatMap((resource) =>
      waiversOf(resource)
        .filter((id) => everywhere || needsRecord(id, context))
        .filter((id) => !isConfigured(id, resource, context))
        .flatMap((id) => shortcomings(resource, id)),
    );
  },
  examples: {
    good: [
      { title: "A recorded waiver", resources: waived({}) },
      {
        title: "A bare label in a program without an estate, for what stays in the container",
        resources: [container(bare)],
      },
      {
        title: "A record in the pack configuration",
        resources: [container({ ...socket, labels: labels({ "garrison.waivers": SOCKET_RULE }) })],
        settings: {
          waivers: [
            {
              rule: SOCKET_RULE,
              resource: "urn:pulumi:test::test::docker:index/container:Container::example",
              reason: "asks the daemon which containers run",
              owner: "security",
              expires: "2027-06-30",
            },
          ],
        },
      },
    ],
    bad: [
      { title: "A bare label", resources: waived({ waivers: [] }) },
      { title: "No reason to speak of", resources: waived({ reason: "needed" }) },
      { title: "Nobody's", resources: waived({ owner: "" }) },
      { title: "No end", resources: waived({ expires: "never" }) },
      { title: "A day that does not exist", resources: waived({ expires: "2027-02-30" }) },
      {
        title: "A bare label beside an estate's containers",
        resources: [container(bare), container({ labels: labels({ "garrison.estate": "demo" }) }, "web")],
      },
      {
        title: "A bare label for the Docker socket, in any program",
        resources: [container({ ...socket, labels: labels({ "garrison.waivers": SOCKET_RULE }) })],
      },
    ],
  },
};

/** What an estate is made of: a component of ours, or a resource that says whose it is. */
function isOfEstate(resource: Resource): boolean {
  return resource.type.startsWith("garrison:") || isOurs(resource);
}

/** Whether the rule gives the host away where it is waived, and the configuration has not left that to labels. */
function needsRecord(id: string, { rules, configs }: Context): boolean {
  return rules.find((one) => one.id === id)?.waivable === "by-record" && configs?.get(id)?.waivableByLabel !== true;
}

function isConfigured(id: string, { urn }: Resource, { settings }: Context): boolean {
  return settings.waivers.some((waiver) => waiver.rule === id && waiver.resource === urn);
}

function isHardened(resource: Resource): boolean {
  return resource.parent?.type === type.hardenedContainer;
}

function shortcomings(resource: Resource, id: string): Finding[] {
  const records = isHardened(resource) ? (resource.parent?.properties.objects("waivers") ?? []) : [];
  const own = records.filter((one) => one.text("id") === id);
  const missing = own.length === 0 ? ["without a record"] : own.flatMap(flaws);
  // Read first: only what was asked for can turn out to be unknown.
  if (resource.parent?.properties.isUnknown("waivers") === true) return [];
  return missing.map((flaw) => ({
    urn: resource.urn,
    property: "labels",
    found: `a waiver of ${id} ${flaw}`,
    expected: `a record in the output waivers of a parent ${type.hardenedContainer}, or in the pack configuration: id, reason in words, owner, expires as YYYY-MM-DD`,
  }));
}

function flaws(record: Properties): string[] {
  const said = { reason: record.text("reason"), owner: record.text("owner"), expires: record.text("expires") };
  return flawsOf(said).map(({ field, found }) => `with the ${NAMES[field]} ${found}`);
}

function waived(changes: { reason?: string; owner?: string; expires?: string; waivers?: [] }): ExampleResource[] {
  const { waivers, ...fields } = changes;
  const record = {
    id: "container.read-only-root",
    reason: "writes its configuration under /opt at every start",
    owner: "security",
    expires: "2027-06-30",
    ...fields,
  };
  const given = labels({ "garrison.waivers": "container.read-only-root" });
  return [
    { type: type.hardenedContainer, name: "hardened", properties: { waivers: waivers ?? [record] } },
    { ...container({ readOnly: false, labels: given }), parent: "hardened" },
  ];
}
