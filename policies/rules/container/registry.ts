import { containerOf } from "#lib/containers.ts";
import { exampleImage, withContainer } from "#lib/examples.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const registries = ["ghcr.io/example", "registry.example"];
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;
/** Among the registries: images that a daemon built, by their id. */
const LOCAL = "local";
const digest = exampleImage.slice(exampleImage.indexOf("@"));

export const rule: Rule = {
  id: "container.registry",
  title: "Images come from the registries that the configuration names.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 4.2", "OWASP ASI04"],
  why: "An image from anywhere is a program from anybody.",
  fix: "Mirror the image into one of the registries of `pack.settings`, or add its repository there.",
  waivable: "by-label",
  types: [type.container, type.service, type.remoteImage],
  check: (resource, { settings }) => {
    const image = resource.type === type.remoteImage ? resource.properties : containerOf(resource);
    return judge(image, resource.type === type.remoteImage ? "name" : "image", settings.registries);
  },
  examples: {
    good: [
      withContainer("Any registry, where none is named", {}),
      named("A repository below a named one", `ghcr.io/example/app${digest}`),
      named("A named registry", `registry.example/team/app${digest}`),
      named("A tag does not matter here", `registry.example/team/app:1.2.3${digest}`),
    ],
    bad: [
      named("Docker's own registry, without a name", `alpine${digest}`),
      named("Another owner on the same registry", `ghcr.io/somebody/app${digest}`),
      named("An id, which does not say where the image is from", digest.slice(1)),
      named("A name that only begins the same", `ghcr.io/example-copy/app${digest}`),
      named("The registry's name as a user on another", `docker.io/registry.example/app${digest}`),
    ],
  },
};

function judge(from: Properties, name: "image" | "name", registries: readonly string[]): Finding[] {
  const image = from.text(name);
  if (image === undefined || registries.length === 0) return [];
  const found = { property: from.path(name), found: show(image) };
  // An id says which image, and not where its layers come from.
  if (IMAGE_ID.test(image.trim())) {
    return registries.includes(LOCAL)
      ? []
      : [{ ...found, expected: `an image from a registry, or "${LOCAL}" among them` }];
  }
  const repository = repositoryOf(image);
  const allowed = registries.map(entryOf);
  if (allowed.some((one) => repository === one || repository.startsWith(`${one}/`))) return [];
  return [{ ...found, expected: `an image from ${registries.join(", ")}` }];
}

/** What an entry of the configuration stands for: a registry as a whole, or a repository and those below it. */
function entryOf(text: string): string {
  const entry = text.trim().replace(/\/+$/, "");
  return !entry.includes("/") && /[.:]|^localhost$/.test(entry) ? entry.toLowerCase() : repositoryOf(entry);
}

/** The repository in full, as the daemon reads it: without a host it is Docker's registry, and `library` there. */
function repositoryOf(image: string): string {
  const [name = ""] = image.trim().toLowerCase().split("@");
  const [first = "", ...rest] = name.replace(/:[^/:]*$/, "").split("/");
  const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const host = !isHost || first === "index.docker.io" ? "docker.io" : first;
  const path = isHost ? rest : [first, ...rest];
  const inLibrary = host === "docker.io" && path.length === 1;
  return [host, ...(inLibrary ? ["library"] : []), ...path].join("/");
}

function named(title: string, image: string): Example {
  return { ...withContainer(title, { image }), settings: { registries } };
}
