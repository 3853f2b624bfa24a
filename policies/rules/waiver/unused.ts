import { container, internalNetwork, labels } from "#lib/examples.ts";
import { findingsIn, findingsOn } from "#lib/judge.ts";
import { waiversOf } from "#lib/labels.ts";
import type { Resource } from "#lib/resource.ts";
import type { Context, Finding, Rule } from "#lib/rule.ts";
import { LABELLED, type } from "#lib/types.ts";

const record = {
  id: "container.limits",
  reason: "runs one process, which cannot fork",
  owner: "security",
  expires: "2027-06-30",
};

export const rule: Rule = {
  id: "waiver.unused",
  title: "Every waiver is needed.",
  severity: "low",
  level: "mandatory",
  references: [],
  why: "A waiver that waives nothing today lets tomorrow's mistake through unseen.",
  fix: "Remove the id from the label garrison.waivers.",
  waivable: "never",
  types: LABELLED,
  check: (resource, context) =>
    waivedRules(resource, context)
      .filter((waived) => waived.checkStack === undefined)
      .filter((waived) => findingsOn(waived, resource, context).length === 0)
      .filter(() => !isUnjudged(resource))
      .map((waived) => unused(resource, waived)),
  // Whether a rule over the whole stack finds anything is only known there.
  checkStack: (stack, context) =>
    stack.resources.flatMap((resource) =>
      waivedRules(resource, context)
        .filter((waived) => waived.checkStack !== undefined)
        .filter((waived) => findingsOn(waived, resource, context).length === 0)
        .filter((waived) => !findingsIn(waived, stack, context).some((finding) => finding.urn === resource.urn))
        .filter(() => !stack.resources.some(isUnjudged))
        .map((waived) => unused(resource, waived)),
    ),
  examples: {
    good: [
      {
        title: "A waiver for what is there",
        resources: [container({ readOnly: false, labels: labels({ "garrison.waivers": "container.read-only-root" }) })],
      },
      {
        title: "A waiver for a missing process limit",
        resources: [
          internalNetwork,
          { type: type.hardenedContainer, name: "hardened", properties: { waivers: [record] } },
          {
            ...container({ labels: labels({ "garrison.service": "example", "garrison.waivers": "container.limits" }) }),
            parent: "hardened",
          },
        ],
      },
    ],
    bad: [
      {
        title: "A waiver from an earlier life",
        resources: [container({ labels: labels({ "garrison.waivers": "container.read-only-root" }) })],
      },
      {
        title: "Limits that are all there",
        resources: [container({ labels: labels({ "garrison.waivers": "container.limits" }) })],
      },
    ],
  },
};

function waivedRules(resource: Resource, { rules }: Context): Rule[] {
  const ids = waiversOf(resource);
  return rules.filter((other) => ids.includes(other.id) && other.types.includes(resource.type));
}

function isUnjudged(resource: Resource): boolean {
  return resource.unknowns.any;
}

function unused(resource: Resource, waived: Rule): Finding {
  return {
    urn: resource.urn,
    property: "labels",
    found: `a waiver of ${waived.id}, which finds nothing here`,
    expected: "no such waiver",
  };
}
