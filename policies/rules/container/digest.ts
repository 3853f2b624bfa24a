import { onContainers } from "../../lib/containers.ts";
import { exampleImage, withContainer } from "../../lib/examples.ts";
import { show } from "../../lib/properties.ts";
import type { Rule } from "../../lib/rule.ts";

const BY_DIGEST = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

export const rule: Rule = {
  id: "container.digest",
  title: "Every container names its image by digest.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.28", "OWASP ASI04"],
  why: "A tag is whatever its owner, or a thief of the owner's password, pushed last.",
  fix: "Write `image` as repository@sha256:<digest>, with the digest that was reviewed.",
  waivable: "by-label",
  ...onContainers((container) => {
    const found = container.text("image");
    if (found !== undefined && BY_DIGEST.test(found)) return [];
    return [
      { property: container.path("image"), found: show(found), expected: "repository@sha256:<64 hexadecimal digits>" },
    ];
  }),
  examples: {
    good: [
      withContainer("A digest", {}),
      withContainer("A tag for people and a digest for Docker", { image: exampleImage.replace("@", ":1.2.3@") }),
    ],
    bad: [
      withContainer("No tag", { image: "example" }),
      withContainer("A tag", { image: "docker.io/library/example:1.2.3" }),
      withContainer("A digest cut short", { image: exampleImage.slice(0, -1) }),
      withContainer("A digest of another kind", { image: exampleImage.replace("sha256", "sha512") }),
      withContainer("A local image id", { image: `sha256:${"a".repeat(64)}` }),
    ],
  },
};
