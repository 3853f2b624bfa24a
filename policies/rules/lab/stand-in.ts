import { container, labels } from "#lib/examples.ts";
import { label, labelsOf } from "#lib/labels.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { ExampleResource, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const labImage = `127.0.0.1:5000/garrison/valkey@sha256:${"0123456789abcdef".repeat(4)}`;
const standIn = container({ labels: labels({ "garrison.stand-in": "true" }) });

export const rule: Rule = {
  id: "lab.stand-in",
  title: "Stand-ins and images of a local registry stay in the lab.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI04"],
  why: "A stand-in answers health checks and does nothing, so an estate with one looks protected and is not.",
  fix: "Deploy the real image from images.lock.json; in the lab, set garrison:lab to true in the lab's own settings.",
  waivable: "never",
  types: [],
  checkStack: ({ resources }) => {
    const machines = resources.filter((resource) => resource.type === type.machine);
    if (machines.some(({ properties }) => properties.flag("lab") === true || properties.isUnknown("lab"))) return [];
    return resources.flatMap((resource) => [...labelled(resource), ...localImage(resource)]);
  },
  examples: {
    good: [
      { title: "A real image", resources: [container({}), machine({ lab: false })] },
      { title: "A stand-in in the lab", resources: [standIn, machine({ lab: true })] },
      { title: "A local registry in the lab", resources: [container({ image: labImage }), machine({ lab: true })] },
    ],
    bad: [
      { title: "A stand-in outside the lab", resources: [standIn, machine({ lab: false })] },
      { title: "A stand-in in a program without a machine", resources: [standIn] },
      { title: "A local registry outside the lab", resources: [container({ image: labImage })] },
      {
        title: "An image pulled from a local registry",
        resources: [{ type: type.remoteImage, name: "example", properties: { name: labImage } }],
      },
    ],
  },
};

function labelled(resource: Resource): Finding[] {
  if (resource.type !== type.container || labelsOf(resource).get(label.standIn) !== "true") return [];
  return [{ urn: resource.urn, property: "labels", found: "a stand-in", expected: "the real program" }];
}

function localImage(resource: Resource): Finding[] {
  const property = resource.type === type.container ? "image" : resource.type === type.remoteImage ? "name" : undefined;
  const found = property === undefined ? undefined : resource.properties.text(property);
  if (property === undefined || found === undefined || !isLoopback(registryOf(found))) return [];
  return [{ urn: resource.urn, property, found: show(found), expected: "an image of a registry that others can see" }];
}

/** The host of the registry; the first part of a reference is one when it looks like one, as for Docker. */
function registryOf(image: string): string {
  const first = image.includes("/") ? (image.split("/")[0] ?? "") : "";
  const host = first.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return /[.:]/.test(first) || host === "localhost" ? host.toLowerCase() : "";
}

function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|(::ffff:)?127(\.\d+){1,3}|::1|0\.0\.0\.0)$/.test(host);
}

function machine(properties: { lab: boolean }): ExampleResource {
  return { type: type.machine, name: "machine", properties };
}
