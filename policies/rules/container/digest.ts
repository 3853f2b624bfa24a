import { onContainers } from "#lib/containers.ts";
import { exampleImage, withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { ExampleResource, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const BY_DIGEST = /^[^@\s]+@sha256:[0-9a-f]{64}$/;
// The id of an image that is on the host already, as `RemoteImage.imageId` gives it: it never means another one.
const BY_ID = /^sha256:[0-9a-f]{64}$/;
const EXPECTED = "repository@sha256:<64 hexadecimal digits>";

const ofContainers = onContainers((container) => {
  const found = container.text("image");
  if (found !== undefined && (BY_DIGEST.test(found) || BY_ID.test(found))) return [];
  return [{ property: container.path("image"), found: show(found), expected: EXPECTED }];
});

export const rule: Rule = {
  id: "container.digest",
  title: "Every image is named by digest.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.28", "OWASP ASI04"],
  why: "A tag is whatever its owner, or a thief of the owner's password, pushed last.",
  fix: "Write the image as repository@sha256:<digest>, with the digest that was reviewed.",
  waivable: "by-label",
  types: [...ofContainers.types, type.remoteImage],
  check: (resource, context) =>
    resource.type === type.remoteImage ? pulled(resource) : ofContainers.check(resource, context),
  examples: {
    good: [
      withContainer("A digest", {}),
      withContainer("The id of an image on the host", { image: `sha256:${"a".repeat(64)}` }),
      { title: "An image pulled by digest", resources: [image({ name: exampleImage })] },
      { title: "An image that the program builds", resources: [image({ name: "example:1", build: { context: "." } })] },
      withContainer("A tag for people and a digest for Docker", { image: exampleImage.replace("@", ":1.2.3@") }),
    ],
    bad: [
      withContainer("No tag", { image: "example" }),
      withContainer("A tag", { image: "docker.io/library/example:1.2.3" }),
      withContainer("A digest cut short", { image: exampleImage.slice(0, -1) }),
      withContainer("A digest of another kind", { image: exampleImage.replace("sha256", "sha512") }),
      withContainer("An id cut short", { image: `sha256:${"a".repeat(63)}` }),
      { title: "An image pulled by its tag", resources: [image({ name: "example:1.2.3" })] },
    ],
  },
};

/** What the program pulls; what it builds has no digest before. */
function pulled({ properties }: Resource): Finding[] {
  const found = properties.text("name");
  if (properties.get("build") !== undefined || properties.isUnknown("build")) return [];
  if (found === undefined || BY_DIGEST.test(found) || BY_ID.test(found)) return [];
  return [{ property: "name", found: show(found), expected: EXPECTED }];
}

function image(properties: Readonly<Record<string, unknown>>): ExampleResource {
  return { type: type.remoteImage, name: "image", properties };
}
